"""Measures how long a page keeps the reader waiting: frames.py PAGE.html

Opens the page in Chromium, from disk, changes its text, its layers and its hands, and puts a second text beside the first. Prints for each the
longest task of the page's thread, of three runs the median, in milliseconds: while a task lasts, no frame is drawn.
"""

import json
import os
import statistics
import sys

from playwright.sync_api import sync_playwright

CATEGORIES = ["toplevel", "devtools.timeline", "disabled-by-default-devtools.timeline", "__metadata"]


def longest(trace):
    events = json.loads(trace)["traceEvents"]
    main = {(e["pid"], e["tid"]) for e in events if e["name"] == "thread_name" and e["args"]["name"] == "CrRendererMain"}
    return max((e["dur"] / 1000 for e in events if e["name"].endswith("RunTask") and "dur" in e and (e["pid"], e["tid"]) in main), default=0)


def press(selector):
    return lambda page: page.evaluate("selector => document.querySelector(selector)?.click()", selector)


def main():
    address = "file://" + os.path.abspath(sys.argv[1])
    steps = [("opens", lambda page: page.goto(address))]
    steps += [(f"text {name}", press(f"input[name=view][value={name}]")) for name in ("diplomatic", "typed", "reading")]
    steps += [(f"layer {name}", press(f".layer-{name}")) for name in ("hands", "editors", "names", "notes")]
    steps += [("a hand", press("input[name=hand]")), ("a second text", press("input[name=beside][value=diplomatic]"))]
    times = {name: [] for name, _ in steps}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=os.environ.get("CHROMIUM", "/usr/bin/chromium"), args=["--no-sandbox"])
        for _ in range(3):
            page = browser.new_page(viewport={"width": 1440, "height": 900})
            for name, step in steps:
                browser.start_tracing(page=page, categories=CATEGORIES)
                step(page)
                page.wait_for_timeout(700)
                times[name].append(longest(browser.stop_tracing()))
            page.close()
        browser.close()
    medians = {name: statistics.median(values) for name, values in times.items()}
    for name, median in medians.items():
        print(f"  {name:52} {median:12.0f}  ms")


main()
