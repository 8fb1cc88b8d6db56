"""Aligns CollateX's own published examples, and pairs of texts given, by CollateX and by marginalia.

    alignments.py MARGINALIA FOLDER [FILE FILE …]

FOLDER is the folder `tests` of CollateX's source distribution, from whose calls the examples are read. Prints for each example how many
pairs of equal tokens stand in one column, and how many columns the table has: more pairs, and with as many pairs fewer columns, are better.
Ends with 1 if marginalia has fewer pairs anywhere, or as many in more columns.
"""

import ast
import collections
import glob
import itertools
import json
import os
import subprocess
import sys
import tempfile

from collatex import Collation, collate


def examples(folder):
    """The plain witnesses of each function, those of one function once."""
    seen = set()
    for path in sorted(glob.glob(os.path.join(folder, "*.py"))):
        with open(path, encoding="utf-8") as file:
            tree = ast.parse(file.read())
        for function in ast.walk(tree):
            if not isinstance(function, ast.FunctionDef):
                continue
            calls = [
                (call.lineno, *(argument.value for argument in call.args))
                for call in ast.walk(function)
                if isinstance(call, ast.Call)
                and isinstance(call.func, ast.Attribute)
                and call.func.attr == "add_plain_witness"
                and len(call.args) == 2
                and all(isinstance(argument, ast.Constant) for argument in call.args)
            ]
            witnesses = tuple((sigil, text) for _, sigil, text in sorted(calls))
            if len(witnesses) > 1 and len(dict(witnesses)) == len(witnesses) and witnesses not in seen:
                seen.add(witnesses)
                yield f"{os.path.basename(path)}:{function.name}", witnesses


def score(columns):
    pairs = 0
    for column in columns:
        counts = collections.Counter(token for token in column if token is not None)
        pairs += sum(count * (count - 1) // 2 for count in counts.values())
    return pairs, len(columns)


def theirs(witnesses):
    collation = Collation()
    for sigil, text in witnesses:
        collation.add_plain_witness(sigil, text)
    table = json.loads(collate(collation, output="json", segmentation=False))["table"]
    rows = [[cell[0]["n"].strip() if cell else None for cell in row] for row in table]
    return [list(column) for column in itertools.zip_longest(*rows)]


def ours(program, witnesses):
    with tempfile.TemporaryDirectory() as folder:
        paths = []
        for number, (_, text) in enumerate(witnesses):
            paths.append(os.path.join(folder, f"{number}.txt"))
            with open(paths[-1], "w", encoding="utf-8") as file:
                file.write(text)
        run = subprocess.run([program, "compare", *paths, "--to", "json"], check=True, capture_output=True)
    collation = json.loads(run.stdout)
    sigla = [witness["siglum"] for witness in collation["witnesses"]]
    return [
        [column[siglum].get("n", column[siglum]["t"]) if siglum in column else None for siglum in sigla]
        for column in collation["table"]
    ]


def shown(columns):
    return " | ".join("/".join("-" if token is None else token for token in column) for column in columns)


def main():
    program, folder, *files = sys.argv[1:]
    cases = list(examples(folder))
    if files:
        texts = []
        for path in files:
            with open(path, encoding="utf-8") as file:
                texts.append((os.path.basename(path), file.read()))
        cases.append(("the texts given", tuple(texts)))
    worse = differing = 0
    for name, witnesses in cases:
        own, other = ours(program, witnesses), theirs(witnesses)
        (pairs, columns), (their_pairs, their_columns) = score(own), score(other)
        is_worse = (pairs, -columns) < (their_pairs, -their_columns)
        worse += is_worse
        if own != other:
            differing += 1
            print(f"{'WORSE' if is_worse else 'better' if (pairs, -columns) > (their_pairs, -their_columns) else 'other'}\t{name}\t"
                  f"{pairs} pairs in {columns} columns; CollateX {their_pairs} in {their_columns}")
            if len(own) < 60:
                print(f"\tmarginalia\t{shown(own)}\n\tCollateX\t{shown(other)}")
    print(f"{len(cases)} examples: {len(cases) - differing} alike, {differing} differ, {worse} worse")
    return 1 if worse or not cases else 0


sys.exit(main())
