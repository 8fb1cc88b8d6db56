"""Makes two witnesses of so many words from text on standard input: the words as they come, and those with changes.

    pair.py WORDS FIRST SECOND <TEXT

Of twenty words one is left out, replaced by another of the text, or followed by another, by a generator that gives the same each time; and
for each 5,000 words a dozen neighbours are moved elsewhere.
"""

import random
import sys

count, first, second = int(sys.argv[1]), sys.argv[2], sys.argv[3]
words = sys.stdin.read().split()
words = (words * (count // max(1, len(words)) + 1))[:count]
source = random.Random(1)
changed = []
for word in words:
    chance = source.random()
    if chance < 1 / 60:
        continue
    changed.append(source.choice(words) if chance < 2 / 60 else word)
    if chance > 59 / 60:
        changed.append(source.choice(words))
for _ in range(count // 5000):
    start = source.randrange(len(changed) - 12)
    moved = changed[start : start + 12]
    del changed[start : start + 12]
    place = source.randrange(len(changed))
    changed[place:place] = moved
for path, text in ((first, words), (second, changed)):
    with open(path, "w", encoding="utf-8") as file:
        file.write(" ".join(text) + "\n")
