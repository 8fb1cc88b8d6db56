#!/usr/bin/env bash
# Measures the export to HTML, text and JSON, and beside it the TEI Stylesheets' html5 under Saxon (saxonche), which are fetched to
# .peers/Stylesheets.
# Figures are printed and judged by the reader: none of them makes this script fail. What cannot be measured is a dash.
#
#   Benchmarks/export.sh [RUNS]
set -u
cd "$(dirname "$0")/.."
data=../shared/data
[ -d "$data/gerdracor" ] || { echo "Export is not measured: ../shared/data is not here"; exit 0; }
. Benchmarks/common.sh
program=$(dirname "$benchmark")/marginalia
html5=.peers/Stylesheets/profiles/default/html5/to.xsl
[ -f "$html5" ] || git clone -q --depth 1 https://github.com/TEIC/Stylesheets .peers/Stylesheets
plays=("$data"/gerdracor/*.xml)
pages=("$data"/sga/tei/ox/ox-ms_abinger_c56/*.xml)
runs=${1:-5}

# compare TITLE NAME FILE...
compare() {
    local title=$1 name=$2
    shift 2
    for format in html text json; do contender "$name-$format" "$program" export -j 1 --force --to $format -o "$folder/$name-$format.out" "$@"; done
    [ -f "$html5" ] && contender "$name-stylesheets" .peers/python/bin/python Tests/Saxon/saxon.py transform "$html5" "$folder/$name-stylesheets.out" "$@"
    race "$runs"
    echo "$title, whole process; medians of $runs runs"
    for kind in html text json stylesheets; do
        row "$kind" "$(quotient "$(quotient "$(bytes_of "$@")" 1000)" "$(median "$name-$kind" 1)")" \
            "MB per CPU second; CPU $(median "$name-$kind" 1) ms, wall $(median "$name-$kind" 2) ms, peak $(median "$name-$kind" 3) MB"
    done
    row "the stylesheets' CPU time against ours, to HTML" "×$(quotient "$(median "$name-stylesheets" 1)" "$(median "$name-html" 1)")"
}

compare "The notebook's pages" pages "${pages[@]}"
if [ -f "$html5" ]; then
    # As both are used on a page at a time.
    contender each-html bash -c 'for page in "${@:2}"; do "$0" export --force --to html -o "$1" "$page" || exit; done' "$program" "$folder/each-html.out" "${pages[@]}"
    contender each-stylesheets bash -c 'for page in "${@:2}"; do .peers/python/bin/python Tests/Saxon/saxon.py transform "$0" "$1" "$page" || exit; done' \
        "$html5" "$folder/each-stylesheets.out" "${pages[@]}"
    race 1
    echo "The notebook's pages, a process for each page; one run"
    for kind in html stylesheets; do row "$kind" "$(median "each-$kind" 1)" "ms of CPU time, wall $(median "each-$kind" 2) ms"; done
    row "the stylesheets' CPU time against ours" "×$(quotient "$(median each-stylesheets 1)" "$(median each-html 1)")"
fi
compare "The plays" plays "${plays[@]}"
[ -f "$html5" ] || echo "  (the TEI Stylesheets are not in .peers/Stylesheets)"

# frames TITLE FILE OPTION...: how long the page of a document keeps its reader waiting.
frames() {
    local title=$1 file=$2
    shift 2
    command -v chromium >/dev/null && .peers/python/bin/python -c 'import playwright' 2>/dev/null || { echo "  (Chromium or playwright is absent: run \`make peers\`)"; return; }
    "$program" export --to html "$@" -o "$folder/page" "$file"
    echo "$title: the longest task of the page's thread in Chromium, medians of 3 runs"
    .peers/python/bin/python Tests/Browser/frames.py "$folder/page/$(basename "$file" .xml).html"
}

frames "A play of 824 kB" "$data/gerdracor/baggesen-der-vollendete-faust.xml"
frames "The notebook, 134 pages" "$data/sga/tei/ox/ox-ms_abinger_c56.xml" --root "$data/sga/tei"
