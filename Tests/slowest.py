#!/usr/bin/env python3
"""Prints the ten suites that took longest, and the slowest test of each: slowest.py EVENTS...

EVENTS are files that `swift test --event-stream-output-path` wrote while the tests ran one after another (Tests/run.sh). Then the time from start to
end is the test's own, including the programs that it starts. Tests that run at the same time all start together and wait for a processor: their times
say nothing.
"""
import collections
import json
import sys

begins, suites = {}, collections.defaultdict(dict)
for path in sys.argv[1:]:
    with open(path, encoding="utf-8") as events:
        for record in map(json.loads, events):
            event = record["payload"]
            parts = event.get("testID", "").split("/") if record["kind"] == "event" else []
            # A test is `Module.Suite/function()/File.swift:1:2`, a suite the first part of it.
            if len(parts) < 3 or event["kind"] not in ("testStarted", "testEnded"):
                continue
            suite, test, time = "/".join(parts[:-2]), tuple(parts[-2:]), event["instant"]["absolute"]
            if event["kind"] == "testStarted":
                begins[event["testID"]] = time
            elif event["testID"] in begins:
                suites[suite][test] = time - begins[event["testID"]]
times = {suite: sum(tests.values()) for suite, tests in suites.items()}
print(f"{len(suites)} suites in {' '.join(sys.argv[1:])}: {sum(times.values()):.0f} s; the slowest:")
for suite in sorted(times, key=times.get, reverse=True)[:10]:
    test = max(suites[suite], key=suites[suite].get)
    print(f"{times[suite]:7.1f} s  {suite}, of which {test[0]} {suites[suite][test]:.1f} s")
