#!/usr/bin/env bash
# Measures the whole way from a file to its findings and its JSON on one core, step by step, beside libxml2's bare SAX, which is the limit: on a
# memo, a play and the plays as a corpus; and the index with a search in it.
# Figures are printed and judged by the reader: none of them makes this script fail. What cannot be measured is a dash.
#
#   Benchmarks/whole.sh [RUNS]
set -u
cd "$(dirname "$0")/.."
data=../shared/data/gerdracor
[ -d "$data" ] || { echo "The whole way is not measured: ../shared/data is not here"; exit 0; }
. Benchmarks/common.sh
program=$(dirname "$benchmark")/marginalia
runs=${1:-5}
schema=../shared/data/tei/tei_all.rng
[ -f "$schema" ] || schema=Schemas/marginalia.rng

# measure TITLE FILE...: each step with those before it.
measure() {
    local title=$1 bytes
    shift
    bytes=$(bytes_of "$@")
    printf '%s\n' "$@" >"$folder/list"
    contender sax xmllint --noout --sax "$@"
    contender lxml .peers/python/bin/python -c 'import sys; from lxml import etree; [etree.parse(file) for file in sys.argv[1:]]' "$@"
    contender parse "$program" query -j 1 --format count //nosuch "$@"
    contender stream "$program" validate -j 1 --no-cache --stream --schema "$schema" "$@"
    contender validate "$program" validate -j 1 --force --schema "$schema" "$@"
    contender text "$program" export -j 1 --force --to text -o "$folder/out" "$@"
    contender json "$program" export -j 1 --force --to json -o "$folder/out" "$@"
    contender whole sh -c '"$0" worker --validate --schema "$1" --export json -o "$2" <"$3"' "$program" "$schema" "$folder/out" "$folder/list"
    race "$runs"
    echo "$title: $# files, $bytes bytes, whole process: MB per CPU second; medians of $runs runs"
    while read -r name label; do
        row "$label" "$(quotient "$(quotient "$bytes" 1000)" "$(median "$name" 1)")" \
            "CPU $(median "$name" 1) ms, wall $(median "$name" 2) ms, peak $(median "$name" 3) MB; ×$(quotient "$(median "$name" 1)" "$(median sax 1)") of SAX's time"
    done <<<"sax xmllint --sax
lxml lxml, parse to the tree
parse parse to the tree
stream validate the grammar, streamed
validate parse, validate
text parse, text
json parse, JSON
whole parse, validate, JSON"
    rm -rf "$folder"/{sax,lxml,parse,stream,validate,text,json,whole,out}
}

plays=("$data"/*.xml)
measure "A memo" TEI/07-lake-memo-enlargement.xml
measure "A play" "$data/baggesen-der-vollendete-faust.xml"
measure "The plays" "${plays[@]}"

contender index "$program" index --force -o "$folder/plays.index" "${plays[@]}"
race "$runs"
echo "An index of the plays: $(bytes_of "${plays[@]}") bytes; medians of $runs runs"
row "index, MB per second" "$(quotient "$(quotient "$(bytes_of "${plays[@]}")" 1000)" "$(median index 2)")" "wall $(median index 2) ms, CPU $(median index 1) ms, peak $(median index 3) MB"
for words in '"keine ruhe mehr"' und 'lieb*'; do
    contender search "$program" search -i "$folder/plays.index" "$words"
    race "$runs"
    row "search $words, ms" "$(median search 2)" "peak $(median search 3) MB"
    rm -f "$folder/search"
done
