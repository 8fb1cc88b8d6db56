# Makes roff of helps, one behind another, each below a line `@command marginalia …`.
# A help is an overview, paragraphs with lists and examples, and tables with a label and what it means.

function roff(text) {
    gsub(/\\/, "\\e", text)
    gsub(/-/, "\\-", text)
    if (text ~ /^[.']/) text = "\\\\&" text
    return text
}

# A paragraph, an example (indented), or an empty line.
function prose(line) {
    isExample = line ~ /^  /
    if (isExample && !wasExample) print ".nf"
    if (!isExample && wasExample) print ".fi"
    if (!isExample && !wasExample && line != "" && wasWords) print ".br"
    wasExample = isExample
    wasWords = line != ""
    print line == "" ? ".PP" : roff(line)
}

function endProse() {
    if (wasExample) print ".fi"
    wasExample = 0
}

# `  LABEL   meaning`, or a label alone whose meaning is on the next line.
function row(line) {
    if (line ~ /^  [^ ]/) {
        sub(/^  /, "", line)
        split(line, parts, /   +/)
        print ".TP\n\\fB" roff(parts[1]) "\\fR"
        line = substr(line, length(parts[1]) + 1)
    }
    sub(/^ +/, "", line)
    if (line != "") print roff(line)
}

BEGIN { print ".TH MARGINALIA 1 \"\" \"marginalia " version "\" \"User Commands\"" }

/^@command / {
    endProse()
    name = substr($0, 10)
    isMain = name == "marginalia"
    isTable = 0
    if (!isMain && !commands++) print ".SH COMMANDS"
    next
}
/^OVERVIEW: / {
    overview = substr($0, 11)
    if (isMain) print ".SH NAME\nmarginalia \\- " roff(overview) "\n.SH SYNOPSIS\n.B marginalia\n<command> [<options>] ...\n.SH DESCRIPTION"
    else print ".SS " roff(name) "\n" roff(overview)
    next
}
/^USAGE: / {
    endProse()
    if (!isMain) print ".PP\n.B " roff(substr($0, 8))
    next
}
/^[A-Z]+:$/ {
    endProse()
    isTable = 1
    title = tolower(substr($0, 1, length($0) - 1))
    # The commands have their own sections.
    isLeftOut = title == "subcommands"
    if (isMain && !isLeftOut) print ".SH " toupper(title)
    next
}
/^  See '/ { next }
isTable && isLeftOut { next }
isTable { if ($0 != "") row($0); next }
{ prose($0) }
END {
    endProse()
    print ".SH LICENCE\nApache License 2.0"
}
