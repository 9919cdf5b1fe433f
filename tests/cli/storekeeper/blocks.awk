# Writes the csv blocks of a page to the files that `Save as ...` names, and the sh blocks to `commands`,
# each command said before it runs.
match($0, /Save as `[a-z.]+`/) { name = substr($0, RSTART + 9, RLENGTH - 10) }
/^```/ {
    block = block == "" ? substr($0, 4) : ""
    next
}
block == "csv" { print >name }
block == "sh" {
    printf "printf '\\n$ %%s\\n' '%s'\n%s\n", $0, $0 >"commands"
}
