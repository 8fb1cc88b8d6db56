#!/usr/bin/env bash
# Measures what is larger than the memory should be: validation and export to text with --stream, of a corpus of plays and of one document, at
# 100 MB and at 1 GB.
# Figures are printed and judged by the reader: none of them makes this script fail. It takes some minutes, and 3 GB of disk.
#
#   Benchmarks/huge.sh [MEGABYTES]
set -u
cd "$(dirname "$0")/.."
data=../shared/data
[ -d "$data/gerdracor" ] || { echo "Large files are not measured: ../shared/data is not here"; exit 0; }
swift build -c release --product marginalia >&2 || exit 1
. Benchmarks/common.sh
program=$(dirname "$benchmark")/marginalia
large=${1:-1000}
plays=("$data"/gerdracor/*.xml)

# measure NAME TITLE BYTES COMMAND...
measure() {
    local name=$1 title=$2 bytes=$3
    shift 3
    contender "$name" "$@"
    race 1
    row "$title" "$(quotient "$(quotient "$bytes" 1000)" "$(median "$name" 2)")" \
        "wall $(quotient "$(median "$name" 2)" 1000) s, CPU $(quotient "$(median "$name" 1)" 1000) s, peak $(median "$name" 3) MB"
}

for kind in corpus anthology; do
    for size in $((large / 10)) "$large"; do
        file=$folder/$kind-$size.xml
        "$benchmark" "$kind" "$file" "$size" "${plays[@]}" || exit 1
        bytes=$(bytes_of "$file")
        echo "One file, $([ "$kind" = corpus ] && echo "a corpus" || echo "one document"), $size MB: MB per second, all cores; one run"
        measure "sax-$kind-$size" "xmllint --sax" "$bytes" xmllint --noout --sax --huge "$file"
        [ "$kind" = anthology ] || measure "validate-$kind-$size" "validate --stream" "$bytes" \
            "$program" validate --stream --schema "$data/tei/tei_all.rng" "$file"
        measure "text-$kind-$size" "export --to text --stream" "$bytes" "$program" export --to text --stream -o "$folder/out" "$file"
        rm -rf "$file" "$folder/out"
    done
    row "text: peak of the large one against the small" "×$(quotient "$(median "text-$kind-$large" 3)" "$(median "text-$kind-$((large / 10))" 3)" '%.2f')"
done
