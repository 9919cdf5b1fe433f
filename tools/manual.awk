# manual.awk - `numu schema --format csv` as Markdown: a chapter a table, a row a column.

# Splits a CSV line (RFC 4180, no line ends within fields) into field[1…].
function split_csv(line,    count, piece) {
    count = 0
    while (line != "" || count == 0) {
        if (substr(line, 1, 1) == "\"") {
            piece = ""
            line = substr(line, 2)
            while (match(line, /^[^"]*""/)) {
                piece = piece substr(line, 1, RLENGTH - 1)
                line = substr(line, RLENGTH + 1)
            }
            match(line, /^[^"]*/)
            piece = piece substr(line, 1, RLENGTH)
            line = substr(line, RLENGTH + 3) # the quote and the comma
        } else {
            match(line, /^[^,]*/)
            piece = substr(line, 1, RLENGTH)
            line = substr(line, RLENGTH + 2)
        }
        gsub(/\|/, "\\|", piece)
        field[++count] = piece
    }
    return count
}

function holds(    text) {
    text = field[3]
    if (field[11] != "") {
        text = "id of [" field[11] "](#" field[11] ")"
    } else if (text == "choice" || text == "choices") {
        text = (text == "choice" ? "one of " : "some of ") "`" field[10] "`"
        gsub(/ /, "` `", text)
        sub(/` `of` `/, " of `", text)
        sub(/``/, "`", text)
    }
    if (field[4] != "") {
        text = text ", " field[4]
    }
    if (field[7] != "" && field[9] != "" && field[8] == "false") {
        text = text ", " field[7] " to " field[9]
    } else {
        if (field[7] != "") {
            text = text ", " (field[8] == "true" ? "above " : "at least ") field[7]
        }
        if (field[9] != "") {
            text = text ", at most " field[9]
        }
    }
    return text
}

function row() {
    return "| `" field[2] "` | " holds() " | " (field[5] == "true" ? "**required**" : field[6]) \
        " | " field[13] " |"
}

function heading() {
    return "| column | holds | if empty | meaning |\n|---|---|---|---|"
}

NR == 1 {
    for (i = split_csv($0); i > 0; i--) {
        names = field[i] " " names
    }
    if (names !~ /^table column kind unit required default minimum above_minimum maximum choices /) {
        print "tools/manual.awk: other columns than it knows" >"/dev/stderr"
        exit 1
    }
    next
}

{
    split_csv($0)
    if (field[12] == "true") {
        if (!(field[2] in evidence)) {
            evidence[field[2]] = 1
            evidence_rows = evidence_rows row() "\n"
        }
        next
    }
    if (field[1] != table) {
        table = field[1]
        printf "\n## %s\n\n%s\n\n%s\n", table, field[14], heading()
    }
    print row()
}

END {
    printf "\n## Evidence\n\nColumns that every table may carry besides.\n\n%s\n%s", heading(), evidence_rows
}
