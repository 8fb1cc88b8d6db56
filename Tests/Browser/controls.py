"""Uses the controls of a document's page in Chromium, from disk: controls.py PAGE.html

By mouse or by keyboard, at 360, 768 and 1440 pixels, with script and, where no script is needed, without: each pair of these once. The page is
Everything.html, which has all there is to choose. Prints what does not do what it says, and ends with 1 if anything does not.
"""

import os
import sys

from playwright.sync_api import sync_playwright

# Width, whether there is script, and whether the keyboard is used.
READERS = ((360, True, False), (360, False, True), (768, True, True), (768, False, False), (1440, True, False), (1440, True, True), (1440, False, False))
found = []
place = ""


def check(is_so, what):
    if not is_so:
        found.append(f"{place}: {what}")


def is_shown(page, text):
    """Whether the second paragraph, in which "must" was deleted and "should" added, shows one of them."""
    kind = {"must": ".tei-del", "should": ".tei-add"}[text]
    return page.locator(f".flow .passage-text[data-n='1'] {kind}", has_text=text).locator("visible=true").count() > 0


def address_of(page):
    return page.evaluate("location.href")


def open_menu(page, name, by_keyboard):
    summary = page.locator(f".{name} > summary")
    if by_keyboard:
        summary.focus()
        page.keyboard.press("Enter")
    else:
        summary.click()
    check(page.locator(f".{name} .panel").is_visible(), f"the menu {name} does not open")


def close_menu(page, name, has_script):
    if has_script:
        page.keyboard.press("Escape")
        check(not page.locator(f".{name} .panel").is_visible(), f"Escape does not close the menu {name}")
    else:
        page.locator(f".{name} > summary").click()


def toggle(page, selector, by_keyboard):
    control = page.locator(selector)
    if by_keyboard:
        control.focus()
        page.keyboard.press("Space")
    else:
        control.click()


def texts(page, has_script, by_keyboard):
    check(is_shown(page, "should") and not is_shown(page, "must"), "the reading text does not come first")
    open_menu(page, "texts", by_keyboard)
    toggle(page, "input[name=view][value=diplomatic]", by_keyboard)
    close_menu(page, "texts", has_script)
    check(is_shown(page, "must") and is_shown(page, "should"), "the diplomatic text does not show what was deleted and added")
    open_menu(page, "texts", by_keyboard)
    toggle(page, "input[name=view][value=typed]", by_keyboard)
    close_menu(page, "texts", has_script)
    check(is_shown(page, "must") and not is_shown(page, "should"), "the text before any change shows an addition")
    if has_script:
        check("view=typed" in address_of(page), f"the address does not say which text: {address_of(page)}")
        address = address_of(page)
        page.goto("about:blank")
        page.goto(address)
        check(is_shown(page, "must") and not is_shown(page, "should"), "the address does not bring the text back")


def layers(page, has_script, by_keyboard):
    note = page.locator(".entry").locator("visible=true").first
    colour = "getComputedStyle(document.querySelector('ins.h1:not(.own)')).color"
    coloured = page.evaluate(colour) if has_script else None
    open_menu(page, "layers", by_keyboard)
    toggle(page, ".layer-notes", by_keyboard)
    check(not note.is_visible(), "marks and notes stay")
    toggle(page, ".layer-notes", by_keyboard)
    check(note.is_visible(), "marks and notes do not come back")
    toggle(page, ".layer-hands", by_keyboard)
    check(not has_script or page.evaluate(colour) != coloured, "the colours of hands stay")
    toggle(page, ".layer-hands", by_keyboard)
    for name in ("editors", "names"):
        toggle(page, f".layer-{name}", by_keyboard)
    check(not has_script or "layers=hands,notes" in address_of(page), f"the address does not say which layers: {address_of(page)}")
    toggle(page, ".layer-images", by_keyboard)
    check(page.locator(".sheet").locator("visible=true").count() > 0, "the sheets of pages are not shown")
    close_menu(page, "layers", has_script)
    check(page.locator(".zone-sign").locator("visible=true").count() > 0, "nothing leads from words to their zones")


def hands(page, has_script, by_keyboard):
    entries = page.locator(".entry.w2").locator("visible=true")
    check(entries.count() > 0, "there are no marks of the reader")
    open_menu(page, "hand-filter", by_keyboard)
    toggle(page, ".hand-2", by_keyboard)
    check(entries.count() == 0, "the marks of a hand stay")
    toggle(page, ".hand-2", by_keyboard)
    if has_script:
        toggle(page, ".filter.w2 .on", by_keyboard)
        # The address changes at once, and the page after it.
        page.wait_for_timeout(100)
        first = address_of(page)
        check("#" in first and page.locator(".found").locator("visible=true").count() == 1, "the first mark of a hand is not gone to")
        toggle(page, ".filter.w2 .on", by_keyboard)
        page.wait_for_timeout(100)
        check(address_of(page) != first and page.locator(".found").locator("visible=true").count() == 1, "the second mark of a hand is not gone to")
    close_menu(page, "hand-filter", has_script)


def beside(page, has_script, by_keyboard):
    if not has_script:
        check(not page.locator(".second").is_visible(), "without script a menu is shown that needs it")
        return
    open_menu(page, "second", by_keyboard)
    toggle(page, "input[name=beside][value=diplomatic]", by_keyboard)
    close_menu(page, "second", has_script)
    page.locator(".flow .passage-text").locator("visible=true").nth(5).scroll_into_view_if_needed()
    page.wait_for_timeout(300)
    copies = page.locator(".copy").locator("visible=true")
    check(copies.count() > 0, "no second text stands beside the first")
    check("beside=diplomatic" in address_of(page), f"the address does not say what stands beside: {address_of(page)}")
    apart = page.evaluate("""Array.from(document.querySelectorAll('.copy')).filter((copy) => {
        const other = copy.nextElementSibling;
        const [a, b] = [copy.getBoundingClientRect(), other.getBoundingClientRect()];
        return a.height && b.height && (Math.abs(a.top - b.top) > 2 || a.left < b.right - 1);
    }).map((copy) => copy.textContent.slice(0, 40))""")
    check(not apart, f"passages are not side by side: {apart[:3]}")
    marked = page.evaluate("""Array.from(document.querySelectorAll('.copy del')).some((deletion) =>
        deletion.getClientRects().length > 0 && getComputedStyle(deletion).boxShadow !== 'none')""")
    check(marked, "what differs is not marked")
    open_menu(page, "second", by_keyboard)
    toggle(page, "input[name=beside][value='']", by_keyboard)
    close_menu(page, "second", has_script)
    check(page.locator(".copy").count() == 0, "the second text stays")


def stages(page, has_script, by_keyboard):
    slider = page.locator(".stage-slider input")
    if not has_script:
        check(not slider.is_visible(), "without script a slider is shown that needs it")
        return
    slider.focus()
    page.keyboard.press("Home")
    check(is_shown(page, "must") and not is_shown(page, "should"), "the first stage has a later addition")
    page.keyboard.press("ArrowRight")
    check(is_shown(page, "should") and not is_shown(page, "must"), "the second stage has not its addition")
    check("view=stage" in address_of(page), f"the address does not say which stage: {address_of(page)}")


def names(page, has_script, by_keyboard):
    name = page.locator(".flow a[href^='#name:']").locator("visible=true").first
    card = page.locator(name.get_attribute("href").replace("#", "#").replace(":", "\\:"))
    name.focus()
    if by_keyboard:
        page.keyboard.press("Enter")
    else:
        name.click()
    if not has_script:
        check(card.is_visible() and address_of(page).endswith(name.get_attribute("href")), "a name does not lead to its card")
        return
    check(page.locator(".card-shown").is_visible(), "the card of a name does not open")
    page.keyboard.press("Escape")
    check(not page.locator(".card-shown").is_visible(), "Escape does not close the card of a name")


def contents(page, has_script, by_keyboard):
    open_menu(page, "contents", by_keyboard)
    link = page.locator(".contents a").last
    link.focus()
    page.keyboard.press("Enter") if by_keyboard else link.click()
    target = link.get_attribute("href")[1:]
    check(page.locator(f"[id='{target}']").count() == 1 and target in address_of(page).replace("%3A", ":"), "the table of contents leads nowhere")


def citations(page, has_script, by_keyboard):
    open_menu(page, "cite", by_keyboard)
    check("@misc{" in page.locator(".cite").inner_text(), "there is no BibTeX")
    if has_script:
        page.context.grant_permissions(["clipboard-read", "clipboard-write"])
        toggle(page, ".copy-button >> nth=1", by_keyboard)
        page.wait_for_timeout(100)
        copied = page.evaluate("navigator.clipboard.readText()")
        check(copied.startswith("@misc{"), f"BibTeX is not copied: {copied[:40]}")
        check(page.locator(".address").inner_text() == address_of(page), "the address of the view is not that of the page")
    with page.expect_download() as download:
        toggle(page, ".downloads a >> nth=0", False)
    content = open(download.value.path(), "rb").read()
    source = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "Everything.xml")
    check(content == open(source, "rb").read(), "the TEI that is downloaded is not the source")
    close_menu(page, "cite", has_script)


def asks_for_images(page):
    """Images are fetched when the reader asks, and not before."""
    fetched = []
    page.route("https://example.org/**", lambda route: (fetched.append(route.request.url), route.abort()))
    open_menu(page, "layers", False)
    check(not fetched, f"images are fetched unasked: {fetched}")
    page.locator(".layer-images").click()
    page.keyboard.press("Escape")
    page.locator(".sheet[data-image]").locator("visible=true").first.scroll_into_view_if_needed()
    page.wait_for_timeout(300)
    check(fetched, "images are not fetched when they are asked for")


def hidden_places(page, address):
    """What an address points at is shown, in whichever text has it."""
    page.goto("about:blank")
    page.goto(address + "#undone")
    check(page.locator(".found").locator("visible=true").count() == 1, "a deletion that is pointed at is not shown")
    page.goto("about:blank")
    page.goto(address + "#view=nosuch&hands=&layers=x&at=%00&beside=%zz&find=harbour")
    check(page.locator(".flow").locator("visible=true").count() == 1, "an address that says nothing shows no text")


def copies(page, address):
    """What is copied is the text: without letters of hands, without words for those who listen, without signs."""
    page.goto("about:blank")
    page.goto(address)
    copied = page.evaluate("""() => [...document.querySelectorAll('.flow .passage-text')].map((passage) => {
        const range = document.createRange();
        range.selectNodeContents(passage);
        getSelection().removeAllRanges();
        getSelection().addRange(range);
        return getSelection().toString();
    })""")
    for words in ("The ferry across Calder Sound should run until the sound is closed by ice.", "A deletion and an addition with in it; words that stayed, words gone over"):
        check(any(text.startswith(words) for text in copied), f"‘{words}’ is not copied as it is in the text")


def main():
    global place
    address = "file://" + os.path.abspath(sys.argv[1])
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=os.environ.get("CHROMIUM", "/usr/bin/chromium"), args=["--no-sandbox"])
        for width, has_script, by_keyboard in READERS:
            context = browser.new_context(viewport={"width": width, "height": 900}, java_script_enabled=has_script, reduced_motion="reduce")
            page = context.new_page()
            page.set_default_timeout(5000)
            page.on("pageerror", lambda error: found.append(f"{place}: {error}"))
            for use in (texts, layers, hands, beside, stages, names, contents, citations):
                place = f"{use.__name__} [{width}{'' if has_script else ' without script'}{' by keyboard' if by_keyboard else ''}]"
                page.goto("about:blank")
                page.goto(address)
                try:
                    use(page, has_script, by_keyboard)
                except Exception as error:
                    found.append(f"{place}: {str(error).splitlines()[0]}")
            context.close()
        page = browser.new_page()
        page.set_default_timeout(5000)
        place = "images"
        page.goto(address)
        asks_for_images(page)
        place = "addresses"
        hidden_places(page, address)
        place = "copying"
        copies(page, address)
        browser.close()
    print("\n".join(found + [f"{len(found)} findings"]))
    return 1 if found else 0


sys.exit(main())
