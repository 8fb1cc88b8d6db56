const documents = JSON.parse(document.getElementById('page:index').textContent);
const input = document.querySelector('input');
const list = document.querySelector('.results');
const count = document.querySelector('.count');
const most = 200;

document.querySelector('.needs-script').hidden = true;
document.querySelector('form').hidden = false;
for (const item of documents) item.folded = item.paragraphs.map(([, text]) => ` ${wordsOf(text).map(({ word }) => word).join(' ')} `);

function search() {
  const terms = termsOf(input.value);
  const wanted = terms.map(({ words, isBeginning }) => ` ${words.join(' ')}${isBeginning ? '' : ' '}`);
  const results = [];
  if (terms.length) {
    for (const item of documents) {
      item.folded.forEach((text, index) => { if (wanted.every((words) => text.includes(words))) results.push([item, index]); });
    }
  }
  count.textContent = terms.length ? count.dataset.words.replace('%', results.length) : '';
  list.replaceChildren(...results.slice(0, most).map(([item, index]) => result(item, index, terms)));
  history.replaceState(null, '', '#' + new URLSearchParams({ q: input.value }));
}

function result(item, index, terms) {
  const [id, text] = item.paragraphs[index];
  const link = document.createElement('a');
  const parameters = new URLSearchParams({ find: input.value });
  if (id) parameters.set('at', id);
  link.href = item.address + '#' + parameters;
  link.textContent = item.title;
  const line = document.createElement('p');
  line.className = 'facts';
  line.append(...context(text, terms));
  const entry = document.createElement('li');
  entry.append(link, line);
  return entry;
}

// The words with what stands around them.
function context(text, terms) {
  const words = wordsOf(text);
  const hits = terms.map((term) => placesOf(term, words)[0]).sort((a, b) => a[0] - b[0]);
  const from = Math.max(0, hits[0][0] - 80);
  const to = Math.min(text.length, Math.max(...hits.map((hit) => hit[1])) + 120);
  const parts = [from === 0 ? '' : '… '];
  let at = from;
  for (const [start, end] of hits.filter((hit) => hit[0] >= at || hit[0] === hits[0][0])) {
    if (at > start) continue;
    const mark = document.createElement('mark');
    mark.textContent = text.slice(start, end);
    parts.push(text.slice(at, start), mark);
    at = end;
  }
  parts.push(text.slice(at, to), to === text.length ? '' : ' …');
  return parts;
}

document.querySelector('form').addEventListener('submit', (event) => event.preventDefault());
input.addEventListener('input', search);
input.value = new URLSearchParams(location.hash.slice(1)).get('q') ?? '';
if (input.value) search();
input.focus();
