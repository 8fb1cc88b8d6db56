#!/usr/bin/env python3
"""Measures how long a change takes until the page shows it in Chromium, in milliseconds of wall time.

    Benchmarks/previewing.py PROGRAM [CHANGES]

For a memo, and for the same with its longest paragraph repeated up to 824 kB: each change is written to the file, and then handed to
the language server as an editor does.
"""
import os
import sys
import tempfile
import time
from pathlib import Path

from playwright.sync_api import sync_playwright

from editing import Client, memo, percentile, row


def measure(page, program, folder, size, changes):
    path = Path(folder) / "memo.xml"
    text = memo(size)
    path.write_text(text)
    uri = path.as_uri()
    client = Client(program, folder)
    client.notify("textDocument/didOpen", {"textDocument": {"uri": uri, "languageId": "xml", "version": 1, "text": text}})
    address = client.request("workspace/executeCommand", {"command": "marginalia.preview", "arguments": [uri]})
    page.goto(address)
    frame = "document.querySelector('iframe')"
    page.wait_for_function(f"{frame}.dataset.version >= 1")
    line = next(number for number, line in enumerate(text.split("\n")) if "<title>" in line)
    column = text.split("\n")[line].index("<title>") + len("<title>")
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
            const look = () => document.querySelector('iframe').contentDocument?.body?.textContent.includes(word)
                ? requestAnimationFrame(() => requestAnimationFrame(resolve)) : requestAnimationFrame(look);
            look(); })""", word)
        times.append((time.perf_counter() - begin) * 1000)
        time.sleep(0.2)
    client.process.kill()
    row(f"keystroke to page, {len(text.encode()) / 1e3:.0f} kB, median", f"{percentile(times, .5):.0f}",
        f"95 of 100 within {percentile(times, .95):.0f}")


def main():
    changes = int(sys.argv[2]) if len(sys.argv) > 2 else 20
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as folder:
        browser = playwright.chromium.launch(
            executable_path=os.environ.get("CHROMIUM", "/usr/bin/chromium"), args=["--no-sandbox"])
        print("From a change in an editor to the page in Chromium: ms of wall time")
        for size in (0, 824_000):
            measure(browser.new_page(), Path(sys.argv[1]).resolve(), folder, size, changes)
        browser.close()


main()
