#!/usr/bin/env bash
# Fuzzes each reader, guided by coverage, and keeps the inputs that took new ways as tests: fuzz.sh [SECONDS]
# An input that crashes, takes ten seconds or breaks a law is named, kept in .build/fuzz, and fails the run.
set -euo pipefail
cd "$(dirname "$0")/../.."

seconds=${1:-600}
kept=Tests/ValidationTests/Fuzz
found=.build/fuzz/found
# The gold linker stumbles over libFuzzer.
swift build -c release --product fuzz --scratch-path .build/fuzz \
    -Xswiftc -sanitize=fuzzer -Xswiftc -DFUZZER -Xswiftc -use-ld=lld
# The fuzzer itself hears of crashes, and keeps their inputs.
export SWIFT_BACKTRACE=enable=no
for target in rng rnc instance; do
    mkdir -p "$found/$target" "$kept/$target"
    .build/fuzz/release/fuzz "--target=$target" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=1024 -max_len=4096 -verbosity=0 \
        -print_final_stats=1 -dict=Tests/Fuzz/relaxng.dict -artifact_prefix=".build/fuzz/$target-" "$found/$target" "$kept/$target"
    # The fewest inputs that reach all that was reached; how often a way was taken does not count.
    rm -rf "$found/least"
    mkdir "$found/least"
    .build/fuzz/release/fuzz "--target=$target" -merge=1 -use_counters=0 -verbosity=0 "$found/least" "$kept/$target" "$found/$target"
    rm -rf "${kept:?}/$target"
    mv "$found/least" "$kept/$target"
done
