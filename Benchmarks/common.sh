# What the benches share. Each measurement is a line "CPU wall peak code" (milliseconds, megabytes) in $folder/NAME.

make -s build benchmark >&2 || exit 1
benchmark=$PWD/.build/release/benchmark
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
missing=()

row() { printf '  %-52s %12s  %s\n' "$1" "$2" "${3:-}"; }
quotient() { awk -v a="$1" -v b="$2" -v f="${3:-%.1f}" 'BEGIN { if (b > 0 && a != "") printf f, a / b; else printf "–" }'; }
bytes_of() { cat "$@" | wc -c; }

# contender NAME PROGRAM ARGUMENT...: one of those that the next `race` runs, within $limit seconds if that is set.
# A program that is missing is passed over.
names=()
contender() {
    local name=$1 program
    program=$(command -v "$2") || { missing+=("$2"); return 0; }
    shift 2
    names+=("$name")
    printf '%s\0' ${limit:+"$(command -v timeout)" "$limit"} "$program" "$@" >"$folder/command-$name"
}

# race RUNS: in turns, so that what else the machine does falls on all of them. A run that fails is the last of its kind.
race() {
    local runs=$1 name run
    local -a command
    for ((run = 0; run < runs; run++)); do
        for name in "${names[@]}"; do
            [ "$run" = 0 ] || succeeded "$name" || continue
            mapfile -d '' command <"$folder/command-$name"
            "$benchmark" run "${command[@]}" >>"$folder/$name"
        done
    done
    names=()
}

# Whether it did what it was told to: 0 is valid, 1 invalid.
succeeded() { awk '$4 > 1 { exit 1 }' "$folder/$1"; }

# median NAME COLUMN (1 CPU, 2 wall, 3 peak): nothing where the command could not be carried out.
median() {
    [ -f "$folder/$1" ] && succeeded "$1" || return 0
    awk -v c="$2" '{ print $c }' "$folder/$1" | sort -n | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'
}

# mean NAME COLUMN: as median.
mean() {
    [ -f "$folder/$1" ] && succeeded "$1" || return 0
    awk -v c="$2" '{ sum += $c } END { printf "%.1f", sum / NR }' "$folder/$1"
}

# measure_once TITLE BYTES NAME COMMAND...: one run, in MB per second of wall time.
measure_once() {
    local title=$1 bytes=$2 name=$3
    shift 3
    contender "$name" "$@"
    race 1
    row "$title" "$(quotient "$(quotient "$bytes" 1000)" "$(median "$name" 2)")" \
        "MB/s; wall $(quotient "$(median "$name" 2)" 1000) s, CPU $(quotient "$(median "$name" 1)" 1000) s, peak $(median "$name" 3) MB"
}
