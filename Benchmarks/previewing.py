#!/usr/bin/env python3
"""Measures how long a change takes until the page shows it in Chromium, in milliseconds of wall time.

    Benchmarks/previewing.py PROGRAM [CHANGES]

For a memo, and for a play of 824 kB if it is there: each change is handed to the language server as an editor does.
"""
import os
import re
import sys
import tempfile
import time
from pathlib import Path

from playwright.sync_api import sync_playwright

from editing import ROOT, Client, memo, percentile, row


# Between two changes, in seconds: the page is laid out meanwhile.
PAUSE = 1


def measure(page, program, folder, text, changes):
    path = Path(folder) / "document.xml"
    path.write_text(text)
    uri = path.as_uri()
    client = Client(program, folder)
    client.notify("textDocument/didOpen", {"textDocument": {"uri": uri, "languageId": "xml", "version": 1, "text": text}})
    address = client.request("workspace/executeCommand", {"command": "marginalia.preview", "arguments": [uri]})
    page.goto(address)
    frame = "document.querySelector('iframe')"
    page.wait_for_function(f"{frame}.dataset.version >= 1")
    # The page's heading.
    before = text[:re.search("<title(?: [^>]*)?>", text).end()]
    line, column = before.count("\n"), len(before) - before.rfind("\n") - 1
    times = []
    for number in range(changes):
        word = f"Change{number}"
        begin = time.perf_counter()
        place = {"line": line, "character": column}
        end = {"line": line, "character": column + (len(f"Change{number - 1}") if number else 0)}
        client.notify("textDocument/didChange", {
            "textDocument": {"uri": uri, "version": 2 + number},
            "contentChanges": [{"range": {"start": place, "end": end}, "text": word}]})
        # The next frame after the words are there has been painted.
        page.evaluate("""word => new Promise(resolve => {
            const look = () => document.querySelector('iframe').contentDocument?.querySelector('h1')?.textContent.includes(word)
                ? requestAnimationFrame(() => requestAnimationFrame(resolve)) : requestAnimationFrame(look);
            look(); })""", word)
        times.append((time.perf_counter() - begin) * 1000)
        time.sleep(PAUSE)
    client.process.kill()
    row(f"keystroke to page, {len(text.encode()) / 1e3:.0f} kB, median", f"{percentile(times, .5):.0f}",
        f"95 of 100 within {percentile(times, .95):.0f}")


def main():
    changes = int(sys.argv[2]) if len(sys.argv) > 2 else 20
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as folder:
        browser = playwright.chromium.launch(
            executable_path=os.environ.get("CHROMIUM", "/usr/bin/chromium"), args=["--no-sandbox"])
        print("From a change in an editor to the page in Chromium: ms of wall time")
        play = ROOT.parent / "shared/data/gerdracor/baggesen-der-vollendete-faust.xml"
        for text in [memo(0)] + ([play.read_text()] if play.exists() else []):
            measure(browser.new_page(), Path(sys.argv[1]).resolve(), folder, text, changes)
        browser.close()


main()
