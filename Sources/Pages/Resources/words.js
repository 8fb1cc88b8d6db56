// Accents: what `Diacritics` says in Swift, with its table.
function isLetter(base, mark) {
  if (!diacritics.composing.test(base) || diacritics.graves.test(mark) || (/[\u0415\u0435]/.test(base) && mark === '\u0308')) return false;
  return Array.from((base + mark).normalize('NFC')).length === 1;
}

const isMark = (letter) => /\p{M}/u.test(letter);

function isAccent(mark, base) {
  if (/\p{Me}/u.test(mark) || diacritics.accents.test(mark)) return true;
  return diacritics.general.test(mark) && (!base || (diacritics.alphabets.test(base) && !isLetter(base, mark)));
}

function plain(text) {
  let [kept, base] = ['', ''];
  for (const letter of text.normalize('NFD')) {
    if (letter === '\u0640' || (isMark(letter) && isAccent(letter, base))) continue;
    if (!isMark(letter)) base = letter;
    kept += letter;
  }
  return kept.normalize('NFC');
}

// Words, as an index has them.
const small = (letter) => (isMark(letter) ? letter : Array.from(letter.toLowerCase().toUpperCase(), (one) => one.toLowerCase()).join(''));
const folded = (text) => plain(Array.from(plain(text.replace(/\p{Cf}/gu, '')), small).join(''));
const fold = (text) => (/^[ -~]*$/.test(text) ? text.toLowerCase() : folded(text));
const pattern = /(?=\p{Ideographic})[\p{L}\p{N}]|(?:(?!\p{Ideographic}|\u0640)[\p{L}\p{N}])(?:(?!\p{Ideographic})[\p{L}\p{N}]|[\p{M}\p{Cf}])*/gu;
const wordsOf = (text) => Array.from(text.matchAll(pattern), (match) => ({ word: fold(match[0]), start: match.index, end: match.index + match[0].length }));

// Phrases in quotation marks, and words; the last, while it is being written, and those before an asterisk are beginnings.
function termsOf(query) {
  const pieces = Array.from(query.matchAll(/["“”„«»]([^"“”„«»]*)(["“”«»]?)(\*?)|[^\s"“”„«»]+/gu));
  return pieces.map((piece, index) => {
    const isOpen = index === pieces.length - 1 && /[\p{L}\p{N}\p{M}]$/u.test(query);
    return { words: wordsOf(piece[1] ?? piece[0]).map(({ word }) => word), isBeginning: isOpen || piece[0].endsWith('*') };
  }).filter(({ words }) => words.length);
}

function placesOf({ words, isBeginning }, text) {
  const last = words.length - 1;
  const fits = (found, number) => found === words[number] || (isBeginning && number === last && found?.startsWith(words[number]));
  const places = [];
  text.forEach(({ start }, at) => { if (words.every((_, number) => fits(text[at + number]?.word, number))) places.push([start, text[at + last].end]); });
  return places;
}
