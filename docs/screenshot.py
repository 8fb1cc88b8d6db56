"""Takes a picture of a page for the README: screenshot.py PAGE.html[#VIEW] PICTURE.png [ID]

With an identifier, the part of the page is shown that begins with that element.
"""

import os
import sys

from playwright.sync_api import sync_playwright

page, picture, *place = sys.argv[1:]
with sync_playwright() as playwright:
    browser = playwright.chromium.launch(executable_path=os.environ.get("CHROMIUM", "/usr/bin/chromium"), args=["--no-sandbox"])
    window = browser.new_page(viewport={"width": 1200, "height": 900 if place else 1480}, device_scale_factor=1.5, color_scheme="light", reduced_motion="reduce")
    window.goto("file://" + os.path.abspath(page))
    if place:
        window.evaluate("id => document.getElementById(id).scrollIntoView()", place[0])
    window.wait_for_timeout(500)
    window.screenshot(path=picture)
    browser.close()
