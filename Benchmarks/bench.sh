#!/usr/bin/env bash
# Measures Sources/XML on the dense document that the benchmark makes, beside xmllint on the same file.
# Figures are printed and judged by the reader: none of them makes this script fail.
#
#   Benchmarks/bench.sh [RUNS]
set -u
cd "$(dirname "$0")/.."
runs=${1:-15}

swift build -c release --product xml-benchmark >&2 || exit 1
benchmark=$(swift build -c release --show-bin-path)/xml-benchmark
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
file=$folder/dense.xml
"$benchmark" make "$file" || exit 1
bytes=$(wc -c <"$file")

# Wall time of a command in microseconds.
time_of() {
    local start=${EPOCHREALTIME//[.,]/}
    "$@" >/dev/null 2>&1
    echo $((${EPOCHREALTIME//[.,]/} - start))
}
median() { sort -n "$1" | sed -n "$(((runs + 1) / 2))p"; }
rate() { awk -v b="$bytes" -v t="$1" 'BEGIN { printf "%.1f", b / t }'; }
row() { printf '  %-44s %10s  %s\n' "$1" "$2" "${3:-}"; }

commands=("$benchmark once $file")
names=("marginalia: process, file to tree")
if command -v xmllint >/dev/null; then
    commands+=("xmllint --noout $file" "xmllint --noout --sax $file")
    names+=("xmllint --noout: process, file to tree" "xmllint --noout --sax: process, no tree")
fi
# In turns, so that what else the machine does falls on all of them.
for ((run = 0; run < runs; run++)); do
    for index in "${!commands[@]}"; do
        # shellcheck disable=SC2086
        time_of ${commands[$index]} >>"$folder/times-$index"
    done
done

measured=$("$benchmark" measure "$file" "$runs")
peak=$("$benchmark" once "$file")
value() { awk -v key="$1" '$1 == key { print $2 }' <<<"$measured"$'\n'"$peak"; }

echo "XML, $bytes bytes, $(value nodes) nodes, medians of $runs runs"
row "parse in process, MB/s" "$(value median)" "at least 60; best $(value best)"
row "heap kept, bytes per input byte" "$(value kept)" "at most 3"
row "peak of a fresh process, bytes per input byte" "$(value peak)" "resident memory, the source included"
base=$(median "$folder/times-0")
for index in "${!commands[@]}"; do
    time=$(median "$folder/times-$index")
    row "${names[$index]}, MB/s" "$(rate "$time")" "time ×$(awk -v a="$time" -v b="$base" 'BEGIN { printf "%.2f", a / b }')"
done
command -v xmllint >/dev/null || echo "  xmllint is not installed (package libxml2-utils): nothing to compare with"
exit 0
