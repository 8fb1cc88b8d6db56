#!/usr/bin/env bash
# Runs the tests of a build that is there: run.sh release|debug
# Two halves run beside one another. In each the tests follow one another, so that the times in .build/BUILD-tests-HALF.jsonl are a test's own.
set -uo pipefail
cd "$(dirname "$0")/.."
half='BrowserTests|WorkerTests|ReaderTests|XMLTests|XPathTests|RegularExpressionsTests'
run() { swift test -c "$build" --skip-build --ignore-lock --no-parallel --event-stream-output-path ".build/$build-tests-$1.jsonl" "${@:2}"; }
build=$1
run 1 --filter "$half" >".build/$build-tests-1.log" 2>&1 &
run 2 --skip "$half"
second=$?
wait $!
first=$?
cat ".build/$build-tests-1.log"
exit $((first | second))
