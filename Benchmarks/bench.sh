#!/usr/bin/env bash
# Measures Sources/XML on the dense document that the benchmark makes, beside xmllint on the same file.
# Figures are printed and judged by the reader: none of them makes this script fail.
#
#   Benchmarks/bench.sh [RUNS]
set -u
cd "$(dirname "$0")/.."
runs=${1:-15}
. Benchmarks/common.sh

file=$folder/dense.xml
"$benchmark" dense "$file" || exit 1
bytes=$(bytes_of "$file")
contender ours "$benchmark" once "$file"
contender xmllint xmllint --noout "$file"
contender xmllint-sax xmllint --noout --sax "$file"
race "$runs"
measured=$("$benchmark" parse "$file" "$runs")
peak=$("$benchmark" once "$file")
value() { awk -v key="$1" '$1 == key { print $2 }' <<<"$measured"$'\n'"$peak"; }

echo "XML, $bytes bytes, $(value nodes) nodes, medians of $runs runs"
row "parse in process, MB/s" "$(value median)" "at least 60; best $(value best)"
row "heap kept, bytes per input byte" "$(value kept)" "at most 3"
row "peak of a fresh process, bytes per input byte" "$(value peak)" "resident memory, the source included"
compared() {
    local time
    time=$(median "$1" 2)
    [ -n "$time" ] && row "$2, MB/s" "$(quotient "$((bytes / 1000))" "$time")" \
        "time ×$(quotient "$time" "$(median ours 2)" '%.2f')"
}
compared ours "marginalia: process, file to tree"
compared xmllint "xmllint --noout: process, file to tree"
compared xmllint-sax "xmllint --noout --sax: process, no tree"
[ ${#missing[@]} = 0 ] || echo "  not installed, and not compared with: ${missing[*]} (make peers)"
exit 0
