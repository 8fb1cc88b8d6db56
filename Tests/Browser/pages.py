"""Looks at pages in Chromium, from disk: pages.py PAGE.html …

Each page is opened at 360, 768 and 1440 pixels, light and dark by turns, and without script. Each second page begins with the other theme. Prints
what is wrong: what axe-core finds in the narrowest and the widest window, text that runs out of the window, anything that is fetched or reported as
an error, and a page that cannot be printed. Ends with 1 if anything is.
"""

import os
import sys

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import sync_playwright

WIDTHS = (360, 768, 1440)
THEMES = ("light", "dark")


def look(browser, path, axe, width, theme, has_script):
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=theme, java_script_enabled=has_script)
    page = context.new_page()
    address = "file://" + os.path.abspath(path)
    document = address.split("#")[0]
    found = []
    page.on("pageerror", lambda error: found.append(f"error: {error}"))
    page.on("console", lambda message: found.append(f"console: {message.text}") if message.type in ("error", "warning") else None)
    page.on("request", lambda request: found.append(f"fetches {request.url}") if request.url.split("#")[0] != document else None)
    page.goto(address)
    if has_script:
        overflow = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        if overflow > 0:
            found.append(f"runs {overflow} pixels out of the window")
        # axe-core is the tests' own script, which the page's Content-Security-Policy does not let in: it is run from outside of it.
        for violation in axe.run(page).response["violations"] if width != WIDTHS[1] else []:
            places = "; ".join(node["html"][:120] for node in violation["nodes"][:2])
            found.append(f"axe {violation['id']} ({violation['impact']}): {violation['help']}: {places}")
    context.close()
    return [f"{path} [{width} {theme}{'' if has_script else ' without script'}] {line}" for line in found]


def main():
    axe, found = Axe(), []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=os.environ.get("CHROMIUM", "/usr/bin/chromium"), args=["--no-sandbox"])
        for number, path in enumerate(sys.argv[1:]):
            for turn, width in enumerate(WIDTHS):
                found += look(browser, path, axe, width, THEMES[(number + turn // 2) % 2], True)
            found += look(browser, path, axe, 360, "light", False)
            page = browser.new_page()
            page.goto("file://" + os.path.abspath(path))
            if not page.pdf(format="A4").startswith(b"%PDF"):
                found.append(f"{path} cannot be printed")
            page.close()
        browser.close()
    print("\n".join(found + [f"{len(sys.argv) - 1} pages, {len(found)} findings"]))
    return 1 if found else 0


sys.exit(main())
