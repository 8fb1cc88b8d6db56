// The frame around a page: it asks for the page again when the document has changed, and keeps the reader's place.
const frame = document.querySelector('iframe');
const message = document.querySelector('output');
const here = new URL(location.href);
const events = new EventSource(here.pathname.replace('/view/', '/events/') + '?' + document.body.dataset.version);
let isWaiting = false;
let place = null;

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
  const box = target.getBoundingClientRect();
  if (box.top < 60 || box.bottom > frame.clientHeight - 20) target.scrollIntoView({ block: 'center' });
  for (const old of frame.contentDocument.querySelectorAll('.found')) old.classList.remove('found');
  target.classList.add('found');
}

function load() {
  isWaiting = true;
  place = [frame.contentWindow.scrollX, frame.contentWindow.scrollY];
  frame.contentWindow.location.reload();
}

frame.addEventListener('load', () => {
  isWaiting = false;
  const inner = frame.contentDocument;
  if (place) {
    // At once, and when the chosen text has its lines.
    const back = () => frame.contentWindow.scrollTo({ left: place[0], top: place[1], behavior: 'instant' });
    back();
    frame.contentWindow.requestAnimationFrame(back);
  }
  document.title = inner.title;
  // A click leads back to the place in the source.
  inner.addEventListener('click', (event) => {
    if (event.target.closest('a, button, input, label, summary, select')) return;
    const id = event.target.closest('[id]')?.id;
    if (id) fetch(here.pathname.replace('/view/', '/click/') + '?' + encodeURIComponent(id), { method: 'POST' });
  });
  frame.contentWindow.addEventListener('hashchange', keepAddress);
  frame.dataset.version = Number(frame.dataset.version ?? 0) + 1;
});

function keepAddress() { history.replaceState(null, '', frame.contentWindow.location.hash || here.pathname); }
addEventListener('blur', keepAddress);

events.addEventListener('change', (event) => {
  const change = JSON.parse(event.data);
  show(change.message);
  if (change.isNew) load();
});
events.addEventListener('reveal', (event) => { if (!isWaiting) reveal(JSON.parse(event.data)); });
events.addEventListener('error', () => show('The preview has ended. Start it again, and load this page again.'));
events.addEventListener('open', () => show(''));
