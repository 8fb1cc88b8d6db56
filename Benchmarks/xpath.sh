#!/usr/bin/env bash
# Measures Schematron and queries beside Saxon (saxonche) and xmllint. Targets stand beside the figures, which are printed
# and judged by the reader: none of them makes this script fail. What cannot be measured is a dash.
#
#   Benchmarks/xpath.sh [RUNS]
set -u
cd "$(dirname "$0")/.."
data=../shared/data
all=$data/tei/tei_all.rng
[ -f "$all" ] || { echo "XPath is not measured: ../shared/data is not here"; exit 0; }
. Benchmarks/common.sh
program=$(dirname "$benchmark")/marginalia
export XDG_CACHE_HOME=$folder/cache
saxon=(.peers/python/bin/python Tests/Saxon/saxon.py)
plays=("$data"/gerdracor/*.xml)
pages=("$data"/sga/tei/ox/ox-ms_abinger_c56/*.xml)
runs=${1:-3}

# speeds TITLE BYTES NAME
speeds() { row "$1" "$(quotient "$(quotient "$2" 1000)" "$(mean "$3" 1)")" "CPU $(mean "$3" 1) ms, wall $(mean "$3" 2) ms, peak $(mean "$3" 3) MB"; }

"$program" validate --schema "$all" "${plays[0]}" >"$folder/first" 2>&1
# A machine that is shared changes its speed from second to second: ours is run as long as Saxon.
for _ in 1 2 3 4 5 6 7 8 9 10; do contender rules "$program" validate -j 1 --force --schema "$all" "${plays[@]}"; done
contender saxon-rules "${saxon[@]}" rules "$all" "${plays[@]}"
race "$runs"
echo "Schematron of tei_all.rng on the plays, whole process: MB per CPU second; means of $((10 * runs)) and $runs runs"
speeds "marginalia, with the grammar and the edition's checks" "$(bytes_of "${plays[@]}")" rules
speeds "Saxon, the rules alone" "$(bytes_of "${plays[@]}")" saxon-rules
row "Saxon's CPU time against ours" "×$(quotient "$(mean saxon-rules 1)" "$(mean rules 1)")" "at least 20"

contender query "$program" query --format count "//tei:add[@hand = '#pbs']" "${pages[@]}"
contender query-one-thread "$program" query -j 1 --format count "//tei:add[@hand = '#pbs']" "${pages[@]}"
contender saxon-query "${saxon[@]}" query "//tei:add[@hand = '#pbs']" "${pages[@]}"
contender xmllint-query xmllint --xpath "count(//*[local-name() = 'add'][@hand = '#pbs'])" "${pages[@]}"
contender lxml-query .peers/python/bin/python -c '
import sys
from lxml import etree
names = {"tei": "http://www.tei-c.org/ns/1.0"}
print(sum(len(etree.parse(file).xpath(sys.argv[1], namespaces=names)) for file in sys.argv[2:]))' "//tei:add[@hand = '#pbs']" "${pages[@]}"
# Each takes some hundredths of a second, which is about as much as runs differ by.
race $((10 * runs))
echo "//tei:add[@hand = '#pbs'] on the notebook's pages, whole process; medians of $((10 * runs)) runs"
for name in query query-one-thread saxon-query xmllint-query lxml-query; do
    row "$name" "$(median "$name" 1)" "ms of CPU; wall $(median "$name" 2) ms, peak $(median "$name" 3) MB"
done
