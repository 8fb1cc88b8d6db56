#!/usr/bin/env bash
# Writes docs/messages.md: what Marginalia, Jing and xmllint say of encoders' mistakes. `make messages` runs it; it needs
# Jing and xmllint (`make peers`) and the mistakes in ../shared/data.
set -euo pipefail
cd "$(dirname "$0")/.."

program=$PWD/.build/release/marginalia
schema=../tei/tei_all.rng
jars=/usr/share/java
out=$PWD/docs/messages.md
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd ../shared/data/mistakes

# xmllint takes seven seconds for the schema alone, and is run once.
xmllint --noout --relaxng "$schema" *.xml >"$folder/xmllint" 2>&1 || true
# The rules that the correct document breaks: its persons and witnesses are listed nowhere.
hidden=$("$program" validate --no-cache --schema "$schema" 00-valid.xml 2>"$folder/summary" | grep -o '\[[a-z-]*\]$' | sort -u | tr -d '\n') || true

ours() {
    { "$program" validate --no-cache --schema "$schema" "$1" 2>"$folder/summary" || true; } | sed "s|$1:|line |" | awk -v hidden="$hidden" '
        /^line / { match($0, /\[[a-z-]*\]$/); shown = !index(hidden, substr($0, RSTART)) }
        shown'
}

# Jing stops at the first file that is not well-formed, and is run on each by itself.
jing() {
    { java -cp "$jars/jing.jar:$jars/xercesImpl.jar:$jars/xml-apis.jar:$jars/xml-resolver.jar" \
        com.thaiopensource.relaxng.util.Driver "$schema" "$1" || true; } 2>&1 | sed "s|^.*/$1:|line |" | shorten
}

said_by_xmllint() {
    awk -v file="$1" '/^[0-9][^ ]*\.xml[: ]/ { shown = index($0, file) == 1 } shown' "$folder/xmllint" | sed "s|^$1:|line |" | shorten
}

shorten() { awk 'length > 400 { $0 = substr($0, 1, 360) "… (" length " characters)" } 1'; }

block() {
    printf '**%s**\n\n' "$1"
    if [ -n "$2" ]; then printf '```text\n%s\n```\n\n' "$2"; else printf 'Nothing.\n\n'; fi
}

{
    printf '# Messages, side by side\n\n'
    printf 'Common mistakes of encoders, and what `marginalia validate`, Jing and xmllint say about them. All use TEI'"'"'s `tei_all.rng`.\n\n'
    printf '`docs/messages.sh` makes this page. It leaves out what Marginalia says about the correct document, whose persons and\n'
    printf 'witnesses are listed nowhere. Lines of more than 400 characters are cut.\n\n'
    while IFS=$'\t' read -r file mistake _; do
        [ "$file" != 00-valid.xml ] || continue
        number=${file%%-*}
        printf '## %d. %s\n\n' "$((10#$number))" "$(sed 's/[<&]/\\&/g' <<<"$mistake")"
        block Marginalia "$(ours "$file")"
        block Jing "$(jing "$file")"
        block xmllint "$(said_by_xmllint "$file")"
    done < <(cat index.tsv; printf '16-six-mistakes.xml\tsix of these mistakes in one document\t\n')
} >"$folder/messages.md"
mv "$folder/messages.md" "$out"
