"""Asks a site's search page and prints for each question the words that are marked in what it finds, parted by `|`.

    python search.py search.html QUESTION...
"""
import os
import sys
from pathlib import Path
from urllib.parse import quote

from playwright.sync_api import sync_playwright

page_file, questions = Path(sys.argv[1]).resolve(), sys.argv[2:]
with sync_playwright() as playwright:
    browser = playwright.chromium.launch(executable_path=os.environ.get("CHROMIUM", "/usr/bin/chromium"), args=["--no-sandbox"])
    page = browser.new_page()
    problems = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on("console", lambda message: problems.append(message.text) if message.type == "error" else None)
    for question in questions:
        page.goto("about:blank")
        page.goto(page_file.as_uri() + "#q=" + quote(question))
        print("|".join(page.locator(".results mark").all_text_contents()))
    browser.close()
if problems:
    sys.exit("\n".join(problems))
