"""Collates plain texts by CollateX, token by token, and prints its alignment table as JSON: collate.py FILE FILE …"""

import sys

from collatex import Collation, collate

collation = Collation()
for number, path in enumerate(sys.argv[1:]):
    with open(path, encoding="utf-8") as file:
        collation.add_plain_witness(f"W{number + 1}", file.read())
print(collate(collation, output="json", segmentation=False))
