#!/usr/bin/env bash
# Builds the tests and runs them: run.sh NAME OPTIONS…, with the options of swift build.
# Two halves run beside one another. In each the tests follow one another, so that the times in .build/NAME-tests-HALF.jsonl are a test's own.
set -uo pipefail
cd "$(dirname "$0")/.."
name=$1 options=("${@:2}")
swift build "${options[@]}" --build-tests || exit
half='BrowserTests|WorkerTests|ReaderTests|XMLTests|XPathTests|RegularExpressionsTests'
run() { swift test "${options[@]}" --skip-build --ignore-lock --no-parallel --event-stream-output-path ".build/$name-tests-$1.jsonl" "${@:2}"; }
run 1 --filter "$half" >".build/$name-tests-1.log" 2>&1 &
run 2 --skip "$half" 2>&1 | tee ".build/$name-tests-2.log"
second=${PIPESTATUS[0]}
wait $!
first=$?
cat ".build/$name-tests-1.log"
[ $((first | second)) = 0 ] && exit
# Once more at the end, where a long log is read first.
echo "These tests of the $name build failed (codes $first and $second):"
grep -h '^✘\|rror:' .build/$name-tests-[12].log
exit 1
