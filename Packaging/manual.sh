#!/usr/bin/env bash
# Prints a man page, made from the help of a program and of each of its commands:
#
#   Packaging/manual.sh PROGRAM >marginalia.1
set -euo pipefail
program=$1
# So wide that no line of the help is broken.
export COLUMNS=100000 LINES=100

# The names in the list of commands of a help.
commands() { awk '/^SUBCOMMANDS:/ { listed = 1; next } /^[^ ]/ { listed = 0 } listed && /^  [a-z]/ { print $1 }' <<<"$1"; }

help() { "$program" help "$@"; }

# A command, then those below it.
describe() {
    local text command
    text=$(help "$@")
    printf '@command marginalia%s\n%s\n' "${*:+ $*}" "$text"
    for command in $(commands "$text"); do describe "$@" "$command"; done
}

version=$("$program" --version)
describe | awk -v version="${version##* }" -f "$(dirname "$0")/manual.awk"
