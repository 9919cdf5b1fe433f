# lint.awk - the rules of tools/lint, one line at a time, for .c, .h and .def files.

BEGIN {
    # Who may include whom ("Folders" in CONTRIBUTING.md).
    may["base"] = "base"
    may["solve"] = "base solve"
    may["model"] = "base model"
    may["programme"] = "base model solve programme"
    may["plan"] = "base model solve plan"
    may["rules"] = "base model solve rules"
    may["ledger"] = "base ledger"
    may["app"] = "base model programme plan rules ledger app"
    may["view"] = may["app"] " view"
    may["cli"] = may["view"] " cli"
    may["server"] = may["view"] " server"
    may["main"] = may["view"] " cli server"

    # Library headers; each only in files named <port>_<library>.c.
    library["^(Clp_|coin/Clp)"] = "clp"
    library["^(Cbc_|coin/Cbc)"] = "cbc"
    library["^(highs|interfaces/highs)"] = "highs"
    library["^sqlite3"] = "sqlite"
    library["^zip[.]h"] = "libzip"
    library["^jansson"] = "jansson"
    library["^openssl/"] = "openssl"
    library["^(libpq|postgresql/libpq)"] = "libpq"
    library["^sodium"] = "sodium"
    library["^libxml"] = "libxml2"
    library["^unicode/"] = "icu"
    library["^xlsxwriter"] = "xlsxwriter"
    library["^zint"] = "zint"

    standard = "^(assert|ctype|dirent|errno|fcntl|fenv|float|fnmatch|ftw|glob|inttypes|langinfo|libgen|" \
        "limits|locale|math|poll|pthread|regex|sched|semaphore|setjmp|signal|stdalign|stdarg|" \
        "stdatomic|stdbool|stddef|stdint|stdio|stdlib|stdnoreturn|string|strings|termios|threads|" \
        "time|uchar|unistd|wchar|wctype|sys/[a-z]+)[.]h$"

    banned = "strcpy|strcat|sprintf|vsprintf|strtok|atoi|atol|atof|localtime|rand|srand|gets|system"
    allocating = "malloc|calloc|realloc|free|strdup|strndup|aligned_alloc|posix_memalign"
    printing = "printf|vprintf|puts|putchar|perror"
    clocks = "time|clock|clock_gettime|gettimeofday|timespec_get"
}

function say(message) {
    print FILENAME ":" FNR ": " message
}

# Whether `code` calls one of the functions `names` (not as a member: store->free is fine).
function calls(names) {
    return code ~ ("(^|[^A-Za-z0-9_.>])(" names ")[ ]*\\(")
}

# The line without comments, and with empty strings for strings.
function without_comments_and_strings(line,    end) {
    if (in_comment) {
        end = index(line, "*/")
        if (!end) {
            return ""
        }
        line = substr(line, end + 2)
        in_comment = 0
    }
    gsub(/\\./, "", line)
    gsub(/'"'/, "''", line)
    gsub(/"[^"]*"/, "\"\"", line)
    gsub(/\/\*([^*]|\*+[^*\/])*\*+\//, "", line)
    sub(/\/\/.*/, "", line)
    if (match(line, /\/\*/)) {
        line = substr(line, 1, RSTART - 1)
        in_comment = 1
    }
    return line
}

function check_own_header() {
    if (own_header_missing) {
        print own_header_missing ":1: includes no header of its own folder"
    }
}

FNR == 1 {
    check_own_header()
    in_comment = 0
    count = split(FILENAME, path, "/")
    is_source = path[1] == "src"
    part = FILENAME == "src/main.c" ? "main" : path[2]
    is_talking = part == "cli" || part == "server" || part == "main"
    is_definition = FILENAME ~ /[.]def$/
    own_header_missing = is_source && FILENAME ~ /[.]c$/ && part != "main" ? FILENAME : ""
    if (is_source && !(part in may)) {
        say("src/" part " is no part of the architecture")
    }
}

{
    columns = $0
    gsub(/[\200-\277]/, "", columns) # UTF-8 continuation bytes take no column
    if (length(columns) > 100 && !is_definition) {
        say("more than 100 columns")
    }
    if (/\t/) {
        say("a tab")
    }
}

is_source && /^#[ ]*include/ {
    match($0, /["<][^">]*[">]/)
    header = substr($0, RSTART + 1, RLENGTH - 2)
    if (substr($0, RSTART, 1) == "\"") {
        included = header
        sub(/\/.*/, "", included)
        if (!(included in may)) {
            say("\"" header "\" should begin with a part of numu, as in \"base/arena.h\"")
        } else if (index(" " may[part] " ", " " included " ") == 0) {
            say(part " may not include " included)
        } else if (included == part) {
            own_header_missing = ""
        }
    } else if (header !~ standard) {
        owner = ""
        for (pattern in library) {
            if (header ~ pattern) {
                owner = library[pattern]
            }
        }
        if (owner == "") {
            say("<" header "> belongs to no library that tools/lint.awk knows")
        } else if (FILENAME !~ ("_" owner "[.]c$")) {
            say("<" header "> only in a file named <port>_" owner ".c")
        }
    }
    next
}

{
    code = without_comments_and_strings($0)
}

calls(banned) {
    say("a banned call: " banned)
}

!is_source || is_definition {
    next
}

FILENAME != "src/base/arena.c" && calls(allocating) {
    say("memory comes from base/arena.h")
}

!is_talking && (calls(printing) || code ~ /(^|[^A-Za-z0-9_])(stdout|stderr)([^A-Za-z0-9_]|$)/) {
    # A failed proof has nobody to return to.
    if (FILENAME != "src/base/status.c") {
        say("only cli and main.c print")
    }
}

part != "cli" && part != "main" && calls(clocks) {
    say("only cli looks at the clock; others are told (struct numu_context)")
}

# A static, at file scope or in a function; or a definition at file scope that is no function.
code ~ /^ *(static|_Thread_local) [^(]*[=;]/ || \
code ~ /^[a-z][a-z0-9_ *]* [*]*[a-z0-9_]+(\[[^(]*\])*( = .*|;)$/ {
    if (code ~ /^(typedef|extern|return|goto|struct [a-z0-9_]+;|union [a-z0-9_]+;|enum [a-z0-9_]+;)/) {
        next
    }
    # A signal handler can reach nothing else.
    if (code ~ /^static (volatile sig_atomic_t|atomic_bool) / && part == "cli") {
        next
    }
    declared = code
    sub(/[=;].*/, "", declared)
    sub(/.*\*/, "", declared) # of a pointer, only what follows its last star
    if (declared !~ /(^|[^a-z0-9_])const /) {
        say("a variable that outlives its function must be const")
    }
}

END {
    check_own_header()
}
