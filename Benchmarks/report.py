#!/usr/bin/env python3
"""Runs the benches and writes what they print as one report: docs/performance.md, with a picture of bars for each comparison.

    Benchmarks/report.py SCRIPT...

`make bench` names the scripts. What they print is shown as they go.
"""
import html
import os
import re
import subprocess
import sys

ROW = re.compile(r"^  (.+?) {2,}(\S+)(?:  (.*))?$")
INTRODUCTION = """\
# Performance

All figures come from one run of `make bench`, on two cores of a machine that was also busy with other things. They are medians; programs
that are compared ran in turns. Do not compare figures of different runs. Programs that are not installed (`make peers`) are missing. A dash
means that something could not be measured. `make bench-corpus` measures 80,000 files.
"""


def sections(script):
    """What a script prints, as titles with their rows: name, value, and what is said besides."""
    found = []
    with subprocess.Popen(script, stdout=subprocess.PIPE, text=True) as process:
        for line in process.stdout:
            print(line, end="", flush=True)
            row = ROW.match(line.rstrip("\n"))
            if row and found:
                found[-1][1].append(row.groups(default=""))
            elif line.strip() and not line.startswith(" "):
                found.append((line.strip(), []))
    return found


def number(value):
    return float(value) if re.fullmatch(r"[0-9]+(\.[0-9]+)?", value) else None


def bars(title, rows, path):
    """A picture of the rows that have a number."""
    shown = [(name, number(value), value) for name, value, _ in rows if number(value)]
    most = max(value for _, value, _ in shown)
    height = 30 + 24 * len(shown)
    with open(path, "w", encoding="utf-8") as out:
        out.write(
            '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 800 %d" width="800" height="%d" role="img" font-family="sans-serif" font-size="13">\n'
            "<title>%s</title>\n<style>text{fill:#222}rect{fill:#1b6ca8}@media (prefers-color-scheme:dark){text{fill:#eee}rect{fill:#7cc0f2}}</style>\n"
            % (height, height, html.escape(title))
        )
        for index, (name, value, text) in enumerate(shown):
            y = 12 + 24 * index
            out.write(
                '<text x="330" y="%d" text-anchor="end">%s</text><rect x="340" y="%d" width="%.1f" height="14"/><text x="%.1f" y="%d">%s</text>\n'
                % (y + 12, html.escape(name), y, value / most * 380, 346 + value / most * 380, y + 12, text)
            )
        out.write("</svg>\n")


def main():
    os.chdir(os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
    os.makedirs("docs/performance", exist_ok=True)
    for old in os.listdir("docs/performance"):
        os.remove(os.path.join("docs/performance", old))
    parts, count = [INTRODUCTION], 0
    for script in sys.argv[1:]:
        parts.append("\n## %s\n" % os.path.basename(script))
        for title, rows in sections(script):
            if not rows:
                parts.append("\n%s\n" % title)
                continue
            parts.append("\n### %s\n\n| | | |\n|---|--:|---|\n" % title)
            parts += ["| %s | %s | %s |\n" % tuple(cell.strip().replace("|", "\\|") for cell in row) for row in rows]
            if "MB per" in title and sum(number(value) is not None for _, value, _ in rows) > 1:
                count += 1
                bars(title, rows, "docs/performance/%02d.svg" % count)
                parts.append("\n![%s](performance/%02d.svg)\n" % (title, count))
    with open("docs/performance.md", "w", encoding="utf-8") as out:
        out.writelines(parts)


if __name__ == "__main__":
    main()
