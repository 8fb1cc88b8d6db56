"""Watches a document's page in Chromium while the document is saved, and prints a line for each thing that is wrong.

    python preview.py PROGRAM DOCUMENT

The document must be a copy of docs/encoding/memo.xml: it is changed.
"""
import os
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path

from playwright.sync_api import sync_playwright

# Whatever does not come ends the test.
signal.alarm(100)
program, document = sys.argv[1], Path(sys.argv[2]).resolve()
original = document.read_text()
findings = []
sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "Benchmarks"))
from editing import Client


def check(name, isRight, seen=""):
    if not isRight:
        findings.append(f"{name}: {seen}")


def save(text):
    new = document.with_suffix(".new")
    new.write_text(text)
    new.rename(document)


def status(address, host=None):
    request = urllib.request.Request(address, headers={"Host": host} if host else {})
    try:
        return urllib.request.urlopen(request, timeout=10).status
    except urllib.error.HTTPError as error:
        return error.code


preview = subprocess.Popen([program, "preview", document], stdout=subprocess.PIPE, text=True)
address = preview.stdout.readline().strip()
secret = address.split("/view/")[0]
with sync_playwright() as playwright:
    browser = playwright.chromium.launch(executable_path=os.environ.get("CHROMIUM", "/usr/bin/chromium"), args=["--no-sandbox"])
    page = browser.new_page(viewport={"width": 1200, "height": 800})
    page.on("pageerror", lambda error: findings.append(f"script: {error}"))
    page.goto(address)
    inner = "document.querySelector('iframe').contentDocument"
    page.wait_for_function("document.querySelector('iframe').dataset.version >= 1")
    # The text and the place that the reader has chosen.
    page.evaluate(f"{inner}.querySelector('input[name=view][value=diplomatic]').click()")
    page.evaluate(f"{inner}.getElementById('costs').scrollIntoView()")
    top = f"{inner}.getElementById('costs').getBoundingClientRect().top"
    page.wait_for_timeout(300)
    before = page.evaluate(top)
    for number in range(5):
        save(original.replace("Two boats", f"{number} boats"))
        page.wait_for_function(f"{inner}?.body?.innerText.includes('{number} boats')")
    page.wait_for_timeout(1000)
    view = page.evaluate(f"{inner}.querySelector('input[name=view]:checked').value")
    check("the text that was chosen", view == "diplomatic", view)
    after = page.evaluate(top)
    check("the place on the page", abs(after - before) < 40, f"{after} and not {before}")
    # A document that is not well-formed.
    save(original.replace("<p>Boats", "<p>Boats <hi>"))
    page.wait_for_function("!document.querySelector('output').hidden")
    message = page.inner_text("output")
    check("the message", message.startswith("memo.xml:143:") and "</hi>" not in message.split(" ")[0], message)
    check("the last page", "4 boats" in page.evaluate(f"{inner}.body.innerText"))
    # A page that is opened now says so too.
    other = browser.new_page()
    other.goto(address)
    other.wait_for_timeout(500)
    check("the message of a new page", other.inner_text("output") == message, other.inner_text("output"))
    other.close()
    save(original)
    page.wait_for_function("document.querySelector('output').hidden")
    page.wait_for_function(f"{inner}?.body?.innerText.includes('Two boats')")
    # A click leads back.
    page.frame_locator("iframe").get_by_text("Two boats").first.click()
    place = preview.stdout.readline().strip()
    lines = original.split("\n")
    check("the click", "Two boats" in lines[int(place.split(":")[-2]) - 1], place)
    # From an editor: each change is shown before it is saved, and the page goes where the cursor is.
    client = Client(program, document.parent)
    uri = document.as_uri()
    client.notify("textDocument/didOpen", {"textDocument": {"uri": uri, "languageId": "xml", "version": 1, "text": original}})
    editing = browser.new_page(viewport={"width": 1200, "height": 400})
    editing.goto(client.request("workspace/executeCommand", {"command": "marginalia.preview", "arguments": [uri]}))
    editing.wait_for_function("document.querySelector('iframe').dataset.version >= 1")
    client.notify("textDocument/didChange", {
        "textDocument": {"uri": uri, "version": 2},
        "contentChanges": [{"text": original.replace("Two boats", "Eleven boats")}]})
    editing.wait_for_function(f"{inner}?.body?.innerText.includes('Eleven boats')")
    check("the file", document.read_text() == original)
    editing.wait_for_timeout(2500)
    for id in ["pay", "costs"]:
        line = next(number for number, line in enumerate(lines) if f'xml:id="{id}"' in line)
        client.request("textDocument/documentHighlight", {
            "textDocument": {"uri": uri}, "position": {"line": line, "character": lines[line].index(">") + 3}})
        editing.wait_for_timeout(500)
        box = editing.evaluate(f"(() => {{ const box = {inner}.getElementById('{id}').getBoundingClientRect(); return [box.top, box.bottom]; }})()")
        check(f"the cursor in {id}", box[1] > 40 and box[0] < 400, box)
    client.process.kill()
    browser.close()
# Nobody else is answered, and nothing else is sent.
for path, code in [("/page/memo.xml", 200), ("/page/../../../../etc/passwd", 404), ("/page/%2e%2e/%2e%2e/etc/passwd", 404), ("x/", 404)]:
    check(path, status(secret + path) == code, status(secret + path))
check("another name", status(address, host="example.org") == 404)
check("no secret", status(secret.rsplit("/", 1)[0] + "/") == 404)
preview.kill()
print("\n".join(findings) if findings else "0 findings")
