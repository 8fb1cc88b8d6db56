const all = (selector, root = document) => Array.from(root.querySelectorAll(selector));
const one = (selector) => document.querySelector(selector);
const body = document.body;
const views = all('input[name=view]');
const seconds = all('input[name=beside]');
const boxes = { hands: all('input[name=hand]'), layers: all('input[name=layer]') };
const initial = {
  view: views.find((input) => input.checked)?.value ?? '',
  hands: boxes.hands.map((box) => box.value).join(),
  layers: boxes.layers.filter((box) => box.checked).map((box) => box.value).join(),
};
const isSeen = (element) => element.getClientRects().length > 0;
const numberOf = (input) => Number(input.className.slice(1));
let place = '';

for (const element of all('.scripted')) element.hidden = false;

// The address

function state() {
  const current = { view: views.find((input) => input.checked)?.value ?? '', beside: seconds.find((input) => input.checked)?.value ?? '' };
  for (const kind in boxes) current[kind] = boxes[kind].filter((box) => box.checked).map((box) => box.value).join();
  return current;
}

function writeAddress() {
  const parameters = new URLSearchParams();
  const current = state();
  for (const key in current) if (current[key] !== (initial[key] ?? '')) parameters.set(key, current[key]);
  if (place && parameters.size) parameters.set('at', place);
  const hash = parameters.size ? parameters.toString().replaceAll('%2C', ',').replaceAll('%3A', ':') : place;
  history.replaceState(null, '', hash ? '#' + hash : location.href.split('#')[0]);
  const address = one('.address');
  if (address) address.textContent = location.href;
}

function readAddress() {
  const hash = location.hash.slice(1);
  const isState = hash.includes('=');
  const parameters = new URLSearchParams(isState ? hash : '');
  if (isState) {
    choose(views, parameters.get('view') ?? initial.view);
    choose(seconds, parameters.get('beside') ?? '');
    for (const kind in boxes) {
      const values = (parameters.get(kind) ?? initial[kind]).split(',');
      for (const box of boxes[kind]) box.checked = values.includes(box.value);
    }
  }
  place = isState ? parameters.get('at') ?? '' : decode(hash);
  viewChanged();
  const target = place && reveal(place, isState);
  if (parameters.get('find')) find(parameters.get('find'), target);
  writeAddress();
}

function decode(hash) {
  try { return decodeURIComponent(hash); } catch { return hash; }
}

function choose(inputs, value) {
  const input = inputs.find((input) => input.value === value);
  if (input) input.checked = true;
}

// What is pointed at is shown: in what is closed, and in a text that has it. Where passages change places a page has two flows.
function reveal(id, isScrolled) {
  const targets = [document.getElementById(id), ...all(`[data-again="${CSS.escape(id)}"]`)].filter(Boolean);
  if (!targets.length) return null;
  for (const target of targets) for (let element = target; element; element = element.parentElement) if (element.tagName === 'DETAILS') element.open = true;
  const before = views.find((input) => input.checked);
  if (before && !targets.some(isSeen) && targets[0].closest('.flow')) {
    const other = views.find((input) => { input.checked = true; return targets.some(isSeen); });
    if (!other) before.checked = true;
    viewChanged();
    isScrolled = true;
  }
  const target = targets.find(isSeen) ?? targets[0];
  for (const old of all('.found')) old.classList.remove('found');
  target.classList.add('found');
  if (isScrolled || target !== targets[0]) target.scrollIntoView({ block: 'center' });
  return target;
}

addEventListener('hashchange', readAddress);

// Texts

const slider = one('.stage-slider');
const stages = slider ? slider.querySelector('input').dataset.views.split(' ').map(Number) : [];

function viewChanged() {
  if (slider) {
    const checked = views.find((input) => input.checked);
    const index = stages.indexOf(numberOf(checked));
    slider.classList.toggle('is-off', index === -1);
    if (index !== -1) slider.querySelector('input').value = index;
    const name = checked.parentElement.textContent.trim();
    slider.querySelector('output').textContent = index === -1 ? '' : name;
    slider.querySelector('input').setAttribute('aria-valuetext', name);
  }
  showBeside();
}

slider?.querySelector('input').addEventListener('input', (event) => {
  views.find((input) => numberOf(input) === stages[event.target.value]).checked = true;
  viewChanged();
  writeAddress();
});

// Two texts: each passage gets a copy beside it when it comes near, so that a long text need not be copied at once.

const classes = (body.dataset.views ?? '').split('|').map((list) => list.split(' ').map(Number));
let observer;
const marked = document.head.appendChild(document.createElement('style'));

function showBeside() {
  observer?.disconnect();
  const second = seconds.find((input) => input.checked);
  const number = second ? second.dataset.number : undefined;
  if (!number && !body.dataset.beside) return;
  for (const copy of all('.copy')) copy.remove();
  marked.textContent = '';
  if (!number) return delete body.dataset.beside;
  body.dataset.beside = number;
  const first = numberOf(views.find((input) => input.checked));
  markDifferences(first, Number(number));
  observer = new IntersectionObserver((entries) => {
    const near = entries.filter((entry) => entry.isIntersecting).map((entry) => entry.target);
    for (const part of near) observer.unobserve(part);
    const passages = near.flatMap((part) => part.matches('.passage-text') ? [part] : all('.passage-text', part));
    for (const passage of passages.map(original)) copy(passage);
  }, { rootMargin: '50% 0px' });
  const flow = all('.flow').find((flow) => !hiddenIn(first).some((name) => flow.matches(name)));
  const hidden = hiddenIn(first).join();
  const passages = all('.passage-text', flow);
  for (const part of new Set(passages.map((passage) => passage.closest('.chunk') ?? passage))) observer.observe(part);
  const alone = hidden ? passages.filter((passage) => !passage.closest('.chunk') && passage.closest(hidden)) : [];
  for (const passage of alone) copy(passage);
}

// The classes of what a text has not.
function hiddenIn(number) {
  return classes.flatMap((list, index) => list.includes(number) ? [] : ['.v' + index]);
}

// Words of a line stand beside themselves with their line.
function original(passage) {
  const isInLine = (element) => getComputedStyle(element).display === 'inline';
  if (!isInLine(passage)) return passage;
  const line = passage.parentElement;
  return all('.passage-text', line).every(isInLine) ? line : null;
}

function copy(passage) {
  if (!passage || passage.previousElementSibling?.classList.contains('copy')) return;
  const second = passage.cloneNode(true);
  second.classList.add('copy');
  for (const element of [second, ...second.querySelectorAll('[id]')]) element.removeAttribute('id');
  for (const margin of second.querySelectorAll('.margin, .facsimile')) margin.remove();
  passage.before(second);
  passage.classList.add('has-copy');
}

// What stands in one of the two alone.
function markDifferences(first, second) {
  const names = classes.flatMap((list, index) => list.includes(first) !== list.includes(second) ? ['.v' + index] : []);
  const blocks = ':is(div, p, section, li, table, tr, ul, ol, dl, dd, dt, blockquote, figure, h3, h4, h5, h6)';
  const place = `[data-beside] .flow :is(${names}):not(.margin *, .heard, .page)`;
  if (names.length) {
    marked.textContent = `${place}:not(${blocks}) { background: var(--difference); box-shadow: 0 2px 0 var(--quiet); }
      ${place}${blocks} { box-shadow: -0.35rem 0 0 -0.15rem var(--quiet); }`;
  }
}

for (const input of views) input.addEventListener('change', () => { viewChanged(); writeAddress(); });
for (const input of seconds) input.addEventListener('change', () => { showBeside(); writeAddress(); });
for (const kind in boxes) for (const box of boxes[kind]) box.addEventListener('change', writeAddress);

// Hands: from one work to the next

for (const steps of all('.steps')) {
  const places = steps.dataset.places.split(' ');
  const go = (step) => {
    const here = places.indexOf(place);
    const next = here === -1 ? (step > 0 ? 0 : places.length - 1) : (here + step + places.length) % places.length;
    if (decode(location.hash.slice(1)) === places[next]) reveal(places[next], true);
    else location.hash = places[next];
  };
  steps.querySelector('.back').addEventListener('click', () => go(-1));
  steps.querySelector('.on').addEventListener('click', () => go(1));
}

// Menus

document.addEventListener('keydown', (event) => {
  const menu = event.key === 'Escape' ? one('.menu[open]') : null;
  if (!menu) return;
  menu.open = false;
  menu.querySelector('summary').focus();
});
for (const menu of all('.menu')) {
  menu.addEventListener('toggle', () => { if (menu.open) for (const other of all('.menu[open]')) if (other !== menu) other.open = false; });
}
document.addEventListener('pointerdown', (event) => {
  for (const menu of all('.menu[open]')) if (!menu.contains(event.target)) menu.open = false;
});

// Cards of names

const card = document.createElement('div');
card.className = 'card-shown';
card.popover = 'auto';
body.append(card);
document.addEventListener('click', (event) => {
  const link = event.target.closest('.flow a[href^="#name:"]');
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey || !card.showPopover) return;
  const source = document.getElementById(link.getAttribute('href').slice(1));
  if (!source) return;
  event.preventDefault();
  card.replaceChildren(...Array.from(source.childNodes, (node) => node.cloneNode(true)));
  card.showPopover();
  const place = link.getClientRects()[0];
  const top = place.bottom + card.offsetHeight > innerHeight ? place.top - card.offsetHeight - 4 : place.bottom + 4;
  card.style.top = Math.max(4, top) + 'px';
  card.style.left = Math.max(4, Math.min(place.left, innerWidth - card.offsetWidth - 4)) + 'px';
  card.querySelector('a')?.focus({ preventScroll: true });
});

// Images: fetched when the reader asks

function fetchImage(sheet) {
  if (!sheet.dataset.image || sheet.querySelector('img')) return;
  const image = document.createElement('img');
  image.alt = sheet.dataset.name;
  image.referrerPolicy = 'no-referrer';
  image.src = sheet.dataset.image;
  sheet.prepend(image);
  sheet.querySelector('button')?.remove();
}

for (const sheet of all('.sheet[data-image]')) sheet.querySelector('button')?.addEventListener('click', () => fetchImage(sheet));
one('.layer-images')?.addEventListener('change', (event) => {
  if (!event.target.checked) return;
  const near = new IntersectionObserver((entries) => {
    for (const entry of entries.filter((entry) => entry.isIntersecting)) {
      near.unobserve(entry.target);
      fetchImage(entry.target);
    }
  }, { rootMargin: '50% 0px' });
  for (const sheet of all('.sheet[data-image]')) near.observe(sheet);
});

// Copying

for (const button of all('.copy-button')) {
  const label = button.textContent;
  button.addEventListener('click', async () => {
    const words = button.parentElement.querySelector('.words');
    try {
      await navigator.clipboard.writeText(words.textContent);
      button.textContent = button.dataset.done;
      setTimeout(() => { button.textContent = label; }, 2000);
    } catch {
      getSelection().selectAllChildren(words);
    }
  });
}

// Words that were searched for


function find(words, target) {
  if (!window.CSS?.highlights) return;
  const terms = termsOf(words);
  const ranges = [];
  const walker = document.createTreeWalker(one('.flow'), NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const text = wordsOf(node.data);
    for (const [start, end] of terms.flatMap((term) => placesOf(term, text))) {
      const range = new Range();
      range.setStart(node, start);
      range.setEnd(node, end);
      ranges.push(range);
    }
  }
  CSS.highlights.set('found', new Highlight(...ranges));
  const first = ranges.find((range) => !target || target.contains(range.startContainer) || target.compareDocumentPosition(range.startContainer) === 4);
  first?.startContainer.parentElement.scrollIntoView({ block: 'center' });
}

readAddress();
