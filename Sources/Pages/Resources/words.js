const plain = (text) => text.normalize('NFD').replace(/\p{M}/gu, '');
const folded = (text) => Array.from(text.replace(/\p{Cf}/gu, ''), (letter) => plain(Array.from(plain(letter).toUpperCase(), (one) => one.toLowerCase()).join(''))).join('');
const fold = (text) => (/^[ -~]*$/.test(text) ? text.toLowerCase() : folded(text));
const pattern = /(?=\p{Ideographic})[\p{L}\p{N}]|(?:(?!\p{Ideographic})[\p{L}\p{N}])(?:(?!\p{Ideographic})[\p{L}\p{N}\p{M}\p{Cf}])*/gu;
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
