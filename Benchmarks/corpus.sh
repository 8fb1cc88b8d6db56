#!/usr/bin/env bash
# Measures whole runs over many files: the plays of GerDraCor as 20,000, 40,000 and 80,000 files (or up to FILES). Validation is run twice, and
# then the text is exported, and an index is made and searched: time, throughput and peak memory, and how much faster the second, unchanged run is.
# Figures are printed and judged by the reader: none of them makes this script fail. It takes an hour, and 30 GB of disk.
#
#   Benchmarks/corpus.sh [FILES]
set -u
cd "$(dirname "$0")/.."
data=../shared/data/gerdracor
[ -d "$data" ] || { echo "Corpora are not measured: ../shared/data is not here"; exit 0; }
. Benchmarks/common.sh
program=$(dirname "$benchmark")/marginalia
export MARGINALIA_CACHE=$folder/cache
files=${1:-80000}

# Each play is one file on the disk, with many names.
mkdir "$folder/plays"
cp "$data"/*.xml "$folder/plays"
plays=("$folder/plays"/*.xml)
make_corpus() {
    local count=$1 name number
    for ((number = 0; number < count; number++)); do
        printf '%s\0%s\0' "${plays[number % ${#plays[@]}]}" "$(printf '%s/corpus/%03d/%05d.xml' "$folder" $((number / 1000)) "$number")"
    done | python3 -c '
import os, sys
names = sys.stdin.buffer.read().split(b"\0")[:-1]
for source, name in zip(names[::2], names[1::2]):
    os.makedirs(os.path.dirname(name), exist_ok=True)
    os.path.exists(name) or os.link(source, name)'
}

for count in $((files / 4)) $((files / 2)) "$files"; do
    make_corpus "$count"
    bytes=$(du -sbl "$folder/corpus" | cut -f 1)
    echo "$count files, $(quotient "$bytes" 1000000000) GB"
    measure_once "validate" "$bytes" "validate-$count" "$program" validate "$folder/corpus"
    measure_once "validate again" "$bytes" "again-$count" "$program" validate "$folder/corpus"
    row "the first run's time against the second's" "×$(quotient "$(median "validate-$count" 2)" "$(median "again-$count" 2)")"
    measure_once "export to text" "$bytes" "export-$count" "$program" export --to text -o "$folder/texts" "$folder/corpus"
    measure_once "export to text again" "$bytes" "export-again-$count" "$program" export --to text -o "$folder/texts" "$folder/corpus"
    texts=$(find "$folder/texts" -name '*.txt' -printf '%s\n' | awk '{sum += $1} END {print sum}')
    rm -rf "$folder/texts" "$folder/cache"
    measure_once "index" "$bytes" "index-$count" "$program" index -o "$folder/index" "$folder/corpus"
    measure_once "index again" "$bytes" "index-again-$count" "$program" index -o "$folder/index" "$folder/corpus"
    row "the index's size against that of the text" "×$(quotient "$(stat -c %s "$folder/index")" "$texts")"
    for words in '"keine ruhe mehr"' 'und' 'lieb*' '"in der"' '"und die" NOT gott'; do
        contender "search-$count" "$program" search -i "$folder/index" "$words"
        race 5
        row "search $words" "wall $(median "search-$count" 2) ms, peak $(median "search-$count" 3) MB"
        rm -f "$folder/search-$count"*
    done
    rm -f "$folder/index"
done
