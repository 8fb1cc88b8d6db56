#!/usr/bin/env bash
# Puts the program and all that is installed with it below a prefix:
#
#   Packaging/stage.sh PROGRAM PREFIX
#
# bin/                              the program, stripped
# share/man/man1/                   a man page, made from the program's help
# share/bash-completion, zsh, fish  completions, made by the program
# share/doc/marginalia/             README, licence, docs, schemas, and the edition that the examples use
set -euo pipefail
program=$(realpath "$1")
mkdir -p "$2"
prefix=$(realpath "$2")
cd "$(dirname "$0")/.."

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
ln -s "$program" "$folder/marginalia"

put() { install -D -m "${3:-644}" "$1" "$prefix/$2"; }

strip -o "$folder/stripped" "$program"
put "$folder/stripped" bin/marginalia 755

Packaging/manual.sh "$program" >"$folder/marginalia.1"
put "$folder/marginalia.1" share/man/man1/marginalia.1

for completion in bash:bash-completion/completions/marginalia zsh:zsh/site-functions/_marginalia \
    fish:fish/vendor_completions.d/marginalia.fish; do
    "$program" --generate-completion-script "${completion%%:*}" >"$folder/completion"
    put "$folder/completion" "share/${completion#*:}"
done

for file in README.md CHANGELOG.md LICENSE docs/*.md docs/*.png docs/performance/*.svg Schemas/* TEI/*; do
    put "$file" "share/doc/marginalia/$file"
done
