#!/usr/bin/env bash
# Measures `compare` on two witnesses of 100,000 words, and beside CollateX on fewer: its time and memory grow with the square of them.
# Figures are printed and judged by the reader: none of them makes this script fail. What cannot be measured is a dash.
#
#   Benchmarks/collation.sh [RUNS]
set -u
cd "$(dirname "$0")/.."
plays=(../shared/data/gerdracor/*.xml)
[ -f "${plays[0]}" ] || { echo "Collation is not measured: ../shared/data is not here"; exit 0; }
. Benchmarks/common.sh
program=$(dirname "$benchmark")/marginalia
collatex=(.peers/python/bin/python -W ignore Tests/CollateX/collate.py)
runs=${1:-5}

"$program" export --to text -o "$folder/plays" "${plays[@]}"
cat "$folder"/plays/*.txt >"$folder/all.txt"
pair() { python3 Benchmarks/pair.py "$1" "$folder/a$1.txt" "$folder/b$1.txt" <"$folder/all.txt"; }
figures() { row "$1" "$(median "$2" 2)" "ms; CPU $(median "$2" 1) ms, peak $(median "$2" 3) MB"; }

for words in 1000 2000 100000; do pair $words; done
for words in 1000 2000 100000; do contender "ours-$words" "$program" compare "$folder/a$words.txt" "$folder/b$words.txt" --to json; done
race "$runs"
for words in 1000 2000; do contender "collatex-$words" "${collatex[@]}" "$folder/a$words.txt" "$folder/b$words.txt"; done
race 1
echo "Two witnesses, one word in twenty changed, whole process; medians of $runs runs, CollateX's of one"
for words in 1000 2000; do
    figures "marginalia, $words words" "ours-$words"
    figures "CollateX, $words words" "collatex-$words"
    row "CollateX's time against ours" "×$(quotient "$(median "collatex-$words" 2)" "$(median "ours-$words" 2)")"
done
figures "marginalia, 100000 words (at most 5 s and 500 MB)" ours-100000
