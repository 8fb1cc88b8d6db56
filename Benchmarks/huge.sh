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
. Benchmarks/common.sh
program=$(dirname "$benchmark")/marginalia
large=${1:-1000}
plays=("$data"/gerdracor/*.xml)

for kind in corpus anthology; do
    for size in $((large / 10)) "$large"; do
        file=$folder/$kind-$size.xml
        "$benchmark" "$kind" "$file" "$size" "${plays[@]}" || exit 1
        bytes=$(bytes_of "$file")
        echo "One file, $([ "$kind" = corpus ] && echo "a corpus" || echo "one document"), $size MB: MB per second, all cores; one run"
        measure_once "xmllint --sax" "$bytes" "sax-$kind-$size" xmllint --noout --sax --huge "$file"
        [ "$kind" = anthology ] || measure_once "validate --stream" "$bytes" "validate-$kind-$size" \
            "$program" validate --stream --schema "$data/tei/tei_all.rng" "$file"
        measure_once "export --to text --stream" "$bytes" "text-$kind-$size" "$program" export --to text --stream -o "$folder/out" "$file"
        rm -rf "$file" "$folder/out"
    done
    row "text: peak of the large one against the small" "×$(quotient "$(median "text-$kind-$large" 3)" "$(median "text-$kind-$((large / 10))" 3)" '%.2f')"
done
