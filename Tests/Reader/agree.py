#!/usr/bin/env python3
"""Compares the program with the independent reader (reader.py), character by character.

    python3 agree.py [--program PATH] [--root FOLDER] [--policy POLICY]... [--limit N] FILE...

For each document and policy: the characters of the source that are in the text, their hand and stage, their order, and
whether two that follow each other are in one word. Without --policy all texts of each document are compared. Prints
each disagreement with its place in the source, and exits with 1 if there is any.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections import Counter

import reader


class Exported:
    """A text as the program wrote it: its characters by their places in the source."""

    def __init__(self, data, folder):
        self.text = data["text"]
        self.policy = data["policy"]
        self.places = {}
        self.generated = [False] * len(self.text)
        self.run_of = [None] * len(self.text)
        for run in data["runs"]:
            for offset in range(run["start"], run["end"]):
                self.run_of[offset] = run
        entries = data["sourceMap"]
        seen = Counter()
        for entry, following in zip(entries, entries[1:] + [{"start": len(self.text)}]):
            file = entry.get("file", data["document"]["file"])
            for offset in range(entry["start"], following["start"]):
                if entry.get("generated"):
                    self.generated[offset] = True
                elif not self.text[offset].isspace():
                    place = (os.path.normpath(file), entry["line"], entry["column"] + offset - entry["start"])
                    self.places.setdefault(place, []).append(offset)


class Disagreements:
    """Collects what differs; what differs in the same way next to each other is one."""

    def __init__(self, limit):
        self.limit, self.count, self.printed = limit, Counter(), 0
        self.run = None

    def add(self, document, policy, kind, place, value, said, found):
        same = (document, policy, kind, said, found)
        if self.run and self.run[0] == same and kind not in ("word", "order"):
            self.run[2].append(value)
            return
        self.flush()
        self.run = (same, place, [value])

    def flush(self):
        if not self.run:
            return
        (document, policy, kind, said, found), place, values = self.run
        self.run = None
        self.count[kind] += 1
        self.printed += 1
        if self.printed <= self.limit:
            words = "".join(values)
            print(f"{document}: {policy}: {place[0]}:{place[1]}:{place[2]}: {kind} “{words[:60]}”: reader: {said}; program: {found}")


def export(program, files, root, policies, folder):
    command = [program, "export", "--to", "json", "-o", folder]
    for policy in policies:
        command += ["--policy", policy]
    if root:
        command += ["--root", root]
    done = subprocess.run(command + files, capture_output=True, text=True)
    if done.returncode and "[no-text]" in done.stderr:
        return {}
    if done.returncode and not os.listdir(folder):
        raise SystemExit(f"{' '.join(command)} {files[0]}: {done.stderr.strip()[-500:]}")
    found = {}
    for base, _, inside in os.walk(folder):
        for name in inside:
            if name.endswith(".json"):
                with open(os.path.join(base, name), encoding="utf-8") as file:
                    data = json.load(file)
                found[data["document"].get("id"), data["policy"]] = data
    return found


def expected_hand(character):
    return None if character.editors else character.hand


def compare(document, policy, exported, out, totals):
    told = document.text(policy)
    name = document.path
    totals["texts"] += 1
    used = Counter()
    offsets, stages = {}, []
    for character, last, joined in told:
        place = (os.path.normpath(character.place.file), character.place.line, character.place.column)
        at = exported.places.get(place, [])
        number = used[place]
        used[place] += 1
        totals["characters"] += 1
        if number >= len(at):
            if place in document.signs:
                continue
            out.add(name, policy, "presence", place, character.value, "in the text", "not in it")
            continue
        offset = at[number]
        offsets[character] = offset
        run = exported.run_of[offset]
        if exported.text[offset] != character.value:
            out.add(name, policy, "character", place, character.value, character.value, exported.text[offset])
        if expected_hand(character) != run.get("hand"):
            out.add(name, policy, "hand", place, character.value, expected_hand(character), run.get("hand"))
        stage = None if character.editors else character.stage
        if stage != run.get("stage"):
            stages.append((place, character.value, stage, run.get("stage")))
    out.flush()
    for place, value, stage, found in stages:
        out.add(name, policy, "stage", place, value, stage, found)
    out.flush()
    for place, at in sorted(exported.places.items()):
        if len(at) > used[place] and place not in document.signs:
            out.add(name, policy, "presence", place, exported.text[at[0]], "not in the text", "in it")
    out.flush()
    compare_words(name, policy, told, offsets, exported, out, totals)


def compare_words(name, policy, told, offsets, exported, out, totals):
    """Whether two characters that follow each other in the reader's text are in one word in the program's."""
    for character, last, joined in told:
        if last is None or joined is None or character not in offsets or last not in offsets:
            continue
        begin, end = offsets[last], offsets[character]
        place = (character.place.file, character.place.line, character.place.column)
        if end <= begin:
            out.add(name, policy, "order", place, last.value + "|" + character.value, "after it", "before it")
            continue
        between = exported.text[begin + 1:end]
        said = not any(c.isspace() for c in between)
        foreign = any(not c.isspace() for c in between)
        totals["pairs"] += 1
        if foreign and joined and not said:
            continue                  # the program's own words stand between them
        if said != joined:
            context = exported.text[max(0, begin - 12):end + 12].replace("\n", "/")
            out.add(name, policy, "word", place, context, "joined" if joined else "apart", "joined" if said else "apart")
    out.flush()


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--program", default="marginalia", help="the program that is compared")
    arguments.add_argument("--root", help="the folder out of which the program may read")
    arguments.add_argument("--policy", action="append", help="a text; all texts of each document without it")
    arguments.add_argument("--limit", type=int, default=200, help="how many disagreements are printed")
    arguments.add_argument("files", nargs="+")
    options = arguments.parse_args()
    out, totals = Disagreements(options.limit), Counter()
    for path in options.files:
        documents = reader.documents(path)
        everything = sorted({p for d in documents for p in d.policies()})
        with tempfile.TemporaryDirectory() as folder:
            exports = export(options.program, [path], options.root, options.policy or everything or ["reading"], folder)
        for document in documents:
            for policy in options.policy or document.policies():
                exported = exports.pop((document.name, policy), None)
                if exported is None:
                    out.add(path, policy, "no text", (path, 1, 1), "", "a text", "none")
                    out.flush()
                    continue
                compare(document, policy, Exported(exported, path), out, totals)
            totals["documents"] += 1
        for name, policy in exports:
            if name not in [d.name for d in documents]:
                out.add(path, policy, "no text", (path, 1, 1), str(name), "none", "a text")
                out.flush()
    out.flush()
    if out.printed > options.limit:
        print(f"… and {out.printed - options.limit} more")
    print(f"{totals['documents']} documents, {totals['texts']} texts, {totals['characters']} characters, "
          f"{totals['pairs']} pairs; disagreements: {dict(out.count) or 'none'}")
    sys.exit(1 if out.count else 0)


if __name__ == "__main__":
    main()
