// The frame around a page: it asks for the page again when the document has changed, and keeps the reader's place.
const frame = document.querySelector('iframe');
const message = document.querySelector('output');
const here = new URL(location.href);
const events = new EventSource(here.pathname.replace('/view/', '/events/') + '?' + document.body.dataset.version);
let isWaiting = false;
let place = null;
let settled = 0;

// The page's address holds the chosen text and layers.
const page = here.pathname.replace('/view/', '/page/');
frame.src = page + location.hash;

function show(text) {
  message.textContent = text;
  message.hidden = !text;
}

function reveal(id) {
  const target = frame.contentDocument?.getElementById(id);
  if (!target) return;
  settled = 0;
  const box = target.getBoundingClientRect();
  if (box.top < 60 || box.bottom > frame.clientHeight - 20) target.scrollIntoView({ block: 'center' });
  for (const old of frame.contentDocument.querySelectorAll('.found')) old.classList.remove('found');
  target.classList.add('found');
}

// The page grows while its script lays out the chosen text and the margins: for two seconds, or until the reader moves.
function keepPlace() {
  settled = performance.now() + 2000;
  const back = () => {
    if (isWaiting || performance.now() > settled) return;
    const window = frame.contentWindow;
    if (Math.abs(window.scrollY - place[1]) >= 1) window.scrollTo({ left: place[0], top: place[1], behavior: 'instant' });
    requestAnimationFrame(back);
  };
  back();
}

function load() {
  // A page that is still coming, or laid out, has no place yet.
  if (!isWaiting && performance.now() > settled) place = [frame.contentWindow.scrollX, frame.contentWindow.scrollY];
  isWaiting = true;
  frame.contentWindow.location.reload();
}

frame.addEventListener('load', () => {
  isWaiting = false;
  const inner = frame.contentDocument;
  if (place) keepPlace();
  for (const name of ['wheel', 'keydown', 'pointerdown', 'touchstart']) inner.addEventListener(name, () => { settled = 0; });
  // A click leads back to the place in the source.
  inner.addEventListener('click', (event) => {
    if (event.target.closest('a, button, input, label, summary, select')) return;
    // Of words without an address: the nearest elements before them that have one, and the word.
    const before = Array.from(inner.querySelectorAll('main [id]'))
      .filter((element) => element.contains(event.target) || element.compareDocumentPosition(event.target) & Node.DOCUMENT_POSITION_FOLLOWING);
    const ids = before.slice(-8).reverse().map((element) => element.id).join(' ');
    const query = '?' + encodeURIComponent(ids) + '&' + encodeURIComponent(wordAt(inner, event));
    fetch(here.pathname.replace('/view/', '/click/') + query, { method: 'POST' });
  });
  frame.contentWindow.addEventListener('hashchange', keepAddress);
  frame.dataset.version = Number(frame.dataset.version ?? 0) + 1;
});

function wordAt(inner, event) {
  const caret = inner.caretRangeFromPoint?.(event.clientX, event.clientY);
  if (caret?.startContainer.nodeType !== Node.TEXT_NODE) return '';
  const text = caret.startContainer.data;
  const start = text.slice(0, caret.startOffset).search(/\S*$/);
  return text.slice(start).match(/^\S*/)[0];
}

function keepAddress() { history.replaceState(null, '', frame.contentWindow.location.hash || here.pathname); }
addEventListener('blur', keepAddress);

events.addEventListener('change', (event) => {
  const change = JSON.parse(event.data);
  show(change.message);
  if (change.isNew) load();
});
events.addEventListener('reveal', (event) => { if (!isWaiting) reveal(JSON.parse(event.data)); });
events.addEventListener('error', () => show('The preview has ended. Start it again, and load this page again.'));
