#!/usr/bin/env bash
# Measures validation beside Jing, called directly as a class, and xmllint. Targets stand beside the figures, which are
# printed and judged by the reader: none of them makes this script fail. What cannot be measured is a dash.
#
#   Benchmarks/validation.sh [RUNS]
set -u
shopt -s extglob
cd "$(dirname "$0")/.."
data=../shared/data
all=$data/tei/tei_all.rng
[ -f "$all" ] || { echo "validation is not measured: ../shared/data is not here"; exit 0; }
. Benchmarks/common.sh
program=$(dirname "$benchmark")/marginalia
export XDG_CACHE_HOME=$folder/cache
jars=/usr/share/java
jing=(java -cp "$jars/jing.jar:$jars/xercesImpl.jar:$jars/xml-apis.jar:$jars/xml-resolver.jar" com.thaiopensource.relaxng.util.Driver)
plays=("$data"/gerdracor/*.xml)
pages=("$data"/sga/tei/ox/ox-ms_abinger_c56/*.xml)

figures() { row "$1" "$(quotient "$(median "$2" 1)" 1)" "wall $(median "$2" 2), peak $(median "$2" 3)"; }

runs=${1:-5}

small=$data/mistakes/00-valid.xml
"$program" validate -j 1 --force --schema "$all" "$small" >"$folder/first" 2>&1
contender cold "$program" validate -j 1 --force --no-cache --schema "$all" "$small"
contender cached "$program" validate -j 1 --force --schema "$all" "$small"
contender jing "${jing[@]}" "$all" "$small"
race "$runs"
limit=60 contender xmllint xmllint --noout --relaxng "$all" "$small"
race 1
echo "One small document with tei_all.rng, whole process: CPU time in ms; wall time in ms, peak memory in MB; medians of $runs runs"
figures "marginalia, schema compiled" cold
figures "marginalia, schema from the cache" cached
figures "Jing" jing
figures "xmllint (one run)" xmllint
row "Jing's CPU time against ours, compiled" "×$(quotient "$(median jing 1)" "$(median cold 1)")" "at least 20"
row "Jing's CPU time against ours, from the cache" "×$(quotient "$(median jing 1)" "$(median cached 1)")" "at least 40"
row "our peak memory, MB" "$(median cold 3)" "at most 64"

# corpus NAME TITLE SCHEMA RUNS FILE...
ratios=()
corpus() {
    local name=$1 title=$2 schema=$3 runs=$4 bytes cpu ratio who
    shift 4
    bytes=$(bytes_of "$@")
    contender "$name-ours" "$program" validate -j 1 --force --schema "$schema" "$@"
    contender "$name-stream" "$program" validate -j 1 --force --stream --schema "$schema" "$@"
    contender "$name-jing" "${jing[@]}" "$schema" "$@"
    race "$runs"
    if [ -n "${with_xmllint:-}" ]; then
        limit=60 contender "$name-xmllint" xmllint --noout --relaxng "$schema" "$@"
        race 1
    fi
    cpu=$(median "$name-jing" 1)
    ratio=$(quotient "$cpu" "$(median "$name-stream" 1)")
    ratios+=("$ratio")
    echo "$title: $# files, $bytes bytes"
    for who in ours stream jing ${with_xmllint:+xmllint}; do
        row "${labels[$who]}" "$(quotient "$((bytes / 1000))" "$(median "$name-$who" 1)")" \
            "wall $(median "$name-$who" 2), peak $(median "$name-$who" 3)"
    done
    row "the grammar alone against Jing" "×$ratio" "at least 3, and 6 in the median"
    row "all checks against Jing" "×$(quotient "$cpu" "$(median "$name-ours" 1)")"
}
declare -A labels=([ours]="marginalia, all checks" [stream]="marginalia --stream, the grammar alone" [jing]="Jing" [xmllint]="xmllint (one run)")

for copy in {1..20}; do
    mkdir -p "$folder/tei/$copy"
    cp TEI/*.xml "$folder/tei/$copy"
done
"$benchmark" corpus "$folder/large.xml" 100 "${plays[@]}" || exit 1
echo
echo "Corpora, whole process: MB per second of CPU time; wall time in ms, peak memory in MB; medians of $runs runs"
corpus plays "Plays, tei_all.rng" "$all" "$runs" "${plays[@]}"
with_xmllint=yes corpus pages "SGA's pages, their own schema" "$data/sga/schemata/shelley-godwin-page.rng" "$runs" "${pages[@]}"
with_xmllint=yes corpus edition "TEI/ twenty times, the edition's schema" Schemas/marginalia.rng "$runs" "$folder"/tei/*/!(edition).xml
corpus large "One file, tei_all.rng" "$all" 1 "$folder/large.xml"
middle=$(printf '%s\n' "${ratios[@]}" | sort -n | awk '{ v[NR] = $1 } END { print (v[int((NR + 1) / 2)] + v[int(NR / 2) + 1]) / 2 }')
row "the median of the four" "×$middle" "at least 6"
rm "$folder/large.xml"

# mistakes NAME TITLE N SCHEMA FILE...: the files as they are, and with a mistake in every N-th element.
mistakes() {
    local name=$1 title=$2 interval=$3 schema=$4 valid invalid peer
    shift 4
    "$benchmark" mistakes "$folder/$name" "$interval" "$@" || exit 1
    contender "$name-valid" "$program" validate -j 1 --force --schema "$schema" "$@"
    contender "$name-invalid" "$program" validate -j 1 --force --schema "$schema" "$folder/$name"/*.xml
    contender "$name-jing" "${jing[@]}" "$schema" "$folder/$name"/*.xml
    race "$runs"
    valid=$(median "$name-valid" 1) invalid=$(median "$name-invalid" 1) peer=$(median "$name-jing" 1)
    echo "$title: $("$program" validate --schema "$schema" "$folder/$name"/*.xml 2>&1 >/dev/null | tail -n 1)"
    row "marginalia, as they are" "$valid" "wall $(median "$name-valid" 2), peak $(median "$name-valid" 3)"
    row "marginalia, with mistakes" "$invalid" "wall $(median "$name-invalid" 2), peak $(median "$name-invalid" 3)"
    row "Jing, with mistakes" "$peer" "wall $(median "$name-jing" 2), peak $(median "$name-jing" 3)"
    row "with mistakes against without" "×$(quotient "$invalid" "$valid")" "at most 2"
    row "Jing's CPU time against ours" "×$(quotient "$peer" "$invalid")" "at least 2"
}

echo
echo "Mistakes, whole process, all checks, reports as text: CPU time in ms; wall time in ms, peak memory in MB; medians of $runs runs"
mistakes faulty-plays "Plays, one element in 40" 40 "$all" "${plays[@]}"
mistakes faulty-pages "SGA's pages, one element in 10" 10 "$data/sga/schemata/shelley-godwin-page.rng" "${pages[@]}"

echo
echo "Steady state, in process: MB/s"
steady() {
    local title=$1
    shift
    "$benchmark" steady "$runs" "$@" >"$folder/steady" 2>/dev/null
    value() { awk -v key="$1" '$1 == key { print $2; found = 1 } END { if (!found) print "–" }' "$folder/steady"; }
    echo "$title"
    row "parsing to trees" "$(value parse)"
    row "validating the trees" "$(value validate)"
    row "validating against parsing, time" "×$(value share)" "at most 1"
    row "two threads against one" "×$(value threads)" "at least 1.8"
}
steady "Plays, tei_all.rng" "$all" "${plays[@]}"
steady "SGA's pages, their own schema" "$data/sga/schemata/shelley-godwin-page.rng" "${pages[@]}"

echo
echo "Compiling, in process: ms"
for schema in "$all" "$data"/tei/{tei_all-3.1.0.rng,tei_all-3.1.0.rnc,teisimple.rng,msdesc.rng,eltec-1.rng} \
    "$data"/sga/schemata/*.rn? Schemas/marginalia.rn?; do
    name=${schema##*/}
    case $name in tei_all.rng) target="at most 60" ;; teisimple.rng | shelley_godwin_odd.rng) target="under 100" ;; *) target= ;; esac
    time=$(timeout 30 "$benchmark" compile "$runs" "$schema" 2>/dev/null | awk '{ print $2 }')
    row "$name" "${time:-–}" "$target"
done
[ ${#missing[@]} = 0 ] || echo "not installed, and not compared with: $(printf '%s\n' "${missing[@]}" | sort -u | xargs) (make peers)"
exit 0
