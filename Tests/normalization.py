"""Writes Sources/UnicodeNormalization/NormalizationData.swift from Python's copy of the Unicode Character Database.

    python3 Tests/normalization.py > Sources/UnicodeNormalization/NormalizationData.swift
"""
import sys
import unicodedata

entries = []
for code in range(sys.maxunicode + 1):
    parts = unicodedata.decomposition(chr(code)).split()
    if not parts or 0xAC00 <= code <= 0xD7A3:
        continue
    mark = "~" if parts[0].startswith("<") else "="
    targets = [int(part, 16) for part in parts if not part.startswith("<")]
    last = entries[-1] if entries else None
    if (last and last[1] == mark and len(targets) == len(last[2]) == 1
            and code == last[0] + last[3] and targets[0] == last[2][0] + last[3]):
        last[3] += 1
    else:
        entries.append([code, mark, targets, 1])

words, next_code = [], 0
for code, mark, targets, count in entries:
    gap = "" if code == next_code else f"{code - next_code:X}"
    run = "" if count == 1 else f"+{count:X}"
    words.append(gap + mark + ",".join(f"{target:X}" for target in targets) + run)
    next_code = code + count

lines, line = [], ""
for word in words:
    if len(line) + len(word) > 118:
        lines.append(line)
        line = ""
    line += (" " if line else "") + word
lines.append(line)

print(f'''extension Normalization {{
    /// The decompositions of Unicode {unicodedata.unidata_version}, as `Tests/normalization.py` writes them, but for Hangul: for each character how many are
    /// left out before it, `=` for a canonical or `~` for a compatibility one, and its characters; behind `+` how many there
    /// are that follow in step.
    static let data = """
        {(" " + chr(92) + chr(10) + "        ").join(lines)}
        """
}}''')
