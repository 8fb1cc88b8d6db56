"""Puts payloads into every attribute and text of a document, exports it in all formats, and looks at what comes: hostile.py PROGRAM DOCUMENT [MORE.xml …]

Each payload is appended to every value of one copy of the document, and takes the place of every value of another. More documents are exported as
they are. Every page must be well-formed, have no elements and attributes that a harmless copy does not have, and lead nowhere but to the web, to
mail, to files and within itself; in Chromium it must open without a dialog, a request, a navigation or an error, which is tried with one of the two
copies. JSON must be JSON, and each row of a
table must have the columns of the first, and no formula. Prints what is wrong, and ends with 1 if anything is.
"""

import csv
import json
import os
import re
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ET

from playwright.sync_api import sync_playwright

PAYLOADS = [
    "<script>window.__pwn=1</script>", "\"><img src=x onerror=window.__pwn=1>", "'><svg onload=window.__pwn=1>", "]]>", "-->", "<!--", "</script><script>window.__pwn=1</script>",
    "</style><script>window.__pwn=1</script>", "</title><script>window.__pwn=1</script>", "javascript:window.__pwn=1", "JaVaScRiPt:window.__pwn=1", "java\tscript:window.__pwn=1",
    "javascript%3Awindow.__pwn=1", "&#106;avascript:window.__pwn=1", "data:text/html,<script>window.__pwn=1</script>", "vbscript:x", "http://x; script-src 'unsafe-inline'",
    "https://x.test,script-src *", "http://a.test\"><meta http-equiv=refresh content=0;url=http://evil.test>", "//evil.test/x", "\\\\evil.test\\x", "file:///etc/passwd",
    "url(http://evil.test/x)", "expression(window.__pwn=1)", "x;background:url(//evil.test)", "}body{display:none}", "\" onmouseover=\"window.__pwn=1", "' style='x", "${window.__pwn=1}",
    "{{constructor.constructor('window.__pwn=1')()}}", "\u2028window.__pwn=1", "\u202Egnp.exe", "\u200B\u00AD\u2066", "\u0085\u009B31m", "&amp;lt;script&amp;gt;", "%00", "\\u003cscript\\u003e",
    "=cmd|' /C calc'!A0", "../../../../escaped", "A" * 5000, "\U0001F4A9\U000E0001",
]
HARMLESS = ["plain words", "plain"]
FORMATS = ["text", "json", "html", "annotations", "marks", "variants", "apparatus"]
ATTRIBUTES = {"{http://www.w3.org/XML/1998/namespace}space"}


def poisoned(path, payload, replaces):
    tree = ET.parse(path)
    for element in tree.iter():
        if not isinstance(element.tag, str):
            continue
        for name, value in element.attrib.items():
            if name not in ATTRIBUTES:
                element.set(name, payload if replaces else value + payload)
        for part in ("text", "tail"):
            value = getattr(element, part)
            if value and value.strip():
                setattr(element, part, payload if replaces else value + payload)
    return ET.tostring(tree.getroot(), encoding="utf-8")


def names(path):
    """The elements of a page, and their attributes."""
    found = set()
    for element in ET.parse(path).iter():
        tag = element.tag.split("}")[-1]
        found.update({tag} | {f"{tag}@{name}" for name in element.attrib})
    return found


def check_page(path, known, found):
    try:
        extra = names(path) - known
    except ET.ParseError as error:
        return found.append(f"{path}: {error}")
    if extra:
        found.append(f"{path} has {sorted(extra)[:5]}")


def check_data(path, found):
    with open(path, encoding="utf-8", newline="") as file:
        if path.endswith(".json") or path.endswith(".jsonld"):
            json.load(file)
        elif path.endswith(".csv"):
            rows = list(csv.reader(file))
            if len({len(row) for row in rows}) > 1:
                found.append(f"{path} has rows of {sorted({len(row) for row in rows})} columns")
            found += [f"{path} has the formula {cell[:40]!r}" for row in rows for cell in row if re.match(r"[=+\-@＝＋－＠\t\r\n](?![0-9.–-]*\Z)", cell)]


LINKS = """() => [...document.querySelectorAll('[href], [src], [data-image]')].map((e) => {
  const value = e.getAttribute('href') ?? e.getAttribute('src') ?? e.getAttribute('data-image');
  try { const url = new URL(value, document.baseURI); return url.protocol + (url.protocol === 'file:' ? '//' + url.host : ''); } catch { return 'invalid:' + value.slice(0, 60); }
})"""


def look(browser, path, found):
    page = browser.new_page()
    address = "file://" + os.path.abspath(path)
    page.on("dialog", lambda dialog: (found.append(f"{path}: dialog {dialog.message}"), dialog.dismiss()))
    page.on("pageerror", lambda error: found.append(f"{path}: error {error}"))
    page.on("console", lambda message: found.append(f"{path}: console {message.text[:200]}") if message.type in ("error", "warning") else None)
    page.on("request", lambda request: found.append(f"{path}: fetches {request.url[:100]}") if request.url.split("#")[0] != page.url.split("#")[0] and request.url.split("#")[0] != address.replace(" ", "%20") and not request.is_navigation_request() else None)
    page.on("framenavigated", lambda frame: found.append(f"{path}: goes to {frame.url[:100]}") if not frame.url.startswith("file://") else None)
    page.goto(address)
    if page.evaluate("window.__pwn") is not None:
        found.append(f"{path}: runs a script of the document")
    wrong = set(page.evaluate(LINKS)) - {"http:", "https:", "mailto:", "file://", "data:"}
    if wrong:
        found.append(f"{path}: leads to {sorted(wrong)[:3]}")
    page.close()


def export(program, folder, files, formats, policies):
    words = [program, "export", "--root", folder, "-o", os.path.join(folder, "out")]
    for name in formats:
        words += ["--to", name]
    for name in policies:
        words += ["--policy", name]
    return subprocess.run(words + files, cwd=folder, capture_output=True, text=True, timeout=600)


def is_left_to_the_other(name):
    """Whether the other copy with the same payload is opened instead."""
    copy = re.fullmatch(r"([ab])(\d\d)\.html", name)
    return copy is not None and (copy[1] == "a") == (int(copy[2]) % 2 == 0)


def main():
    program, document, more = sys.argv[1], sys.argv[2], sys.argv[3:]
    found, pages = [], []
    with tempfile.TemporaryDirectory() as folder:
        files = []
        for number, payload in enumerate(HARMLESS + PAYLOADS):
            for replaces in (False, True):
                name = f"{'b' if replaces else 'a'}{number:02}.xml"
                with open(os.path.join(folder, name), "wb") as file:
                    file.write(poisoned(document, payload, replaces))
                files.append(name)
        harmless = set()
        for name in files + [os.path.abspath(path) for path in more]:
            # What a document cannot be exported for is said, and is no crash.
            result = export(program, folder, [name], FORMATS, ["reading", "diplomatic", "typed"])
            if result.returncode not in (0, 1, 2) or "Fatal" in result.stderr:
                found.append(f"{name}: ends with {result.returncode}: {result.stderr[:200]}")
        site = export(program, folder, [name for name in files if name.startswith("a")], ["html"], ["reading", "diplomatic"])
        if site.returncode not in (0, 2):
            found.append(f"the site ends with {site.returncode}")
        for base, _, names_ in os.walk(folder):
            for name in sorted(names_):
                path = os.path.join(base, name)
                if not os.path.abspath(path).startswith(os.path.join(folder, "out")):
                    if name not in files:
                        found.append(f"{path} is outside of the folder")
                elif name.endswith(".html"):
                    pages.append(path)
                else:
                    check_data(path, found)
        own = [path for path in pages if os.path.basename(path)[:3] in ("a00", "a01", "b00", "b01")]
        for path in own + [path for path in pages if os.path.basename(path)[0] not in "ab"]:
            harmless |= names(path)
        # A harmless document has no more than one text in a language that is written from the right.
        harmless |= {f"{tag}@{name}" for tag in {name.split('@')[0] for name in harmless} for name in ("dir", "lang", "id", "class", "data-letter", "data-ref", "data-hand", "data-n", "role", "aria-level")}
        for path in pages:
            check_page(path, harmless | {"a", "a@href"}, found)
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=os.environ.get("CHROMIUM", "/usr/bin/chromium"), args=["--no-sandbox"])
            for path in pages:
                if not is_left_to_the_other(os.path.basename(path)):
                    look(browser, path, found)
            browser.close()
    print("\n".join(found[:40] + [f"{len(pages)} pages, {len(found)} findings"]))
    return 1 if found else 0


sys.exit(main())
