#!/usr/bin/env python3
"""Makes small TEI documents in which hands, stages, changes, readings and breaks are nested at random.

    python3 generate.py FOLDER COUNT [SEED [WITHOUT...]]

The same seed makes the same documents. Each word is another one, so that a disagreement can be found by its words.
WITHOUT leaves kinds of markup out, to find what a disagreement comes from: restore (around more than plain words),
addspan, fw (within phrases), breaks (within spans), marks (of other hands, where no hand is the main one), phrases
(with @change), notes (in which others write), shifts (of hands, where there are stages), hyphens.
"""

import os
import random
import sys

HANDS = ["ann", "bea", "cid"]
WITNESSES = ["A", "B", "C"]
SYLLABLES = [c + v for c in "bdfgklmnprst" for v in "aeiou"]


class Generator:
    def __init__(self, seed, without=()):
        self.without = frozenset(without)
        self.random = random.Random(seed)
        self.count = self.random.randrange(500)
        self.ids = 0
        r = self.random
        self.hand_kind = r.choice(["none", "one", "major", "major", "two-majors", "text", "text", "unscoped"])
        self.stage_kind = r.choice(["none", "none", "ordered", "ordered", "ordered", "unordered", "seq", "nested"])
        if self.hand_kind not in ("one", "major", "text"):
            self.stage_kind = "none"  # without a main hand the rules do not say when what names no stage was written
        self.witness_kind = r.choice(["none", "plain", "groups"])
        self.hyphens = r.choice([None, None, "some", "all", "hard", "none"])
        self.pending = []
        self.undoable = []
        self.in_note = self.in_del = 0

    # -- small things

    def chance(self, probability):
        return self.random.random() < probability

    def word(self):
        self.count += 1
        n, text = self.count, ""
        for _ in range(2):
            text += SYLLABLES[n % 60]
            n //= 60
        return text

    def id(self):
        self.ids += 1
        return f"x{self.ids}"

    def hands(self):
        return ["ann"] if self.hand_kind == "one" else HANDS if self.hand_kind != "none" else HANDS[1:]

    def stages(self):
        return {"ordered": ["s1", "s2", "s3"], "unordered": ["s1", "s2", "s3"], "nested": ["s1", "s2", "s3", "s4"]}.get(
            self.stage_kind, [])

    def hand(self, probability=0.5):
        return f' hand="#{self.random.choice(self.hands())}"' if self.chance(probability) else ""

    def stage(self, probability=0.5):
        if self.stages() and self.chance(probability):
            return f' change="#{self.random.choice(self.stages())}"'
        if self.stage_kind == "seq" and self.chance(probability):
            return f' seq="{self.random.randint(1, 3)}"'
        return ""

    def written(self, hand=0.5, stage=0.4):
        return self.hand(hand) + self.stage(stage)

    def marked(self):
        hand = "" if "marks" in self.without and self.hand_kind in ("none", "two-majors", "unscoped") else self.hand(0.3)
        return hand + ("" if "phrases" in self.without else self.stage(0.3))

    # -- content

    def words(self):
        return " ".join(self.word() for _ in range(self.random.randint(1, 3)))

    def content(self, depth, limit=4):
        """Words and elements, with and without blanks between."""
        parts = [self.words()]
        for _ in range(self.random.randint(0, limit)):
            parts.append(self.random.choice([" ", " ", " ", "", "\n  "]))
            parts.append(self.piece(depth) if self.chance(0.65) else self.words())
        text = "".join(parts)
        return text + (self.random.choice([" ", ""]) + self.word() if self.chance(0.5) else "")

    def piece(self, depth):
        kinds = ["lb", "lbno", "pb", "cb", "gap", "fw", "handshift", "milestone", "anchor"]
        if depth > 0:
            kinds += ["add", "add", "del", "del", "subst", "subst", "mod", "mod", "hi", "seg", "note", "enote", "choice",
                      "choice", "app", "supplied", "unclear", "restore", "restoredin", "span", "span", "surplus",
                      "retrace", "alone", "expan", "emph", "name", "undo", "q", "damage", "metamark", "forms", "pair", "letters",
                      "folio"]
        return getattr(self, "make_" + self.random.choice(kinds))(depth - 1)

    def blank(self):
        return self.random.choice(["", " ", "\n "])

    def make_lb(self, depth):
        return ("-" if self.chance(0.3) and "hyphens" not in self.without else "") + "<lb/>"

    def make_lbno(self, depth):
        return self.random.choice(["", "-"]) + self.random.choice(["", "", "\n "]) + '<lb break="no"/>' + self.word()

    def make_pb(self, depth):
        return self.random.choice(['<pb n="2"/>', '<pb n="2" break="no"/>', '<pb n="2"/><lb/>', '<pb n="2"/>'])

    def make_cb(self, depth):
        return "<cb/>"

    def make_milestone(self, depth):
        return '<milestone unit="folio"/>'

    def make_anchor(self, depth):
        return f'<anchor xml:id="{self.id()}"/>'

    def make_gap(self, depth):
        return '<gap reason="illegible" quantity="2" unit="words"/>'

    def make_fw(self, depth):
        if "fw" in self.without and depth < 2:
            return self.words()
        return f'<fw type="header">{self.words()}</fw>'

    def make_handshift(self, depth):
        hand = self.random.choice(self.hands())
        if self.in_note or "shifts" in self.without and self.stages():
            return self.words()
        return self.random.choice([f'<handShift new="#{hand}"/>', f'<handShift new="#{hand}"/>',
                                   f'<handShift scribeRef="#p-{hand}"/>', '<handShift medium="pencil"/>',
                                   f'<handShift scribe="{hand.title()}"/>'])

    def identified(self, element, attributes, content):
        if self.chance(0.15):
            name = self.id()
            self.undoable.append(name)
            attributes = f' xml:id="{name}"' + attributes
        return f"<{element}{attributes}>{content}</{element}>"

    def make_add(self, depth):
        if self.chance(0.1) and not self.in_note:
            hand = self.random.choice(self.hands())
            return f'<add{self.stage(0.3)}><handShift new="#{hand}"/>{self.content(depth, 2)}</add>'
        place = ' place="above"' if self.chance(0.3) else ""
        return self.identified("add", self.written() + place, self.content(depth, 2))

    def make_del(self, depth):
        self.in_del += 1
        text = self.identified("del", self.written(), self.content(depth, 2))
        self.in_del -= 1
        return text

    def make_subst(self, depth):
        return (f"<subst{self.written(0.6)}>{self.blank()}<del{self.written(0.3, 0.2)}>{self.content(depth, 1)}</del>"
                f"{self.blank()}<add{self.written(0.3, 0.2)}>{self.content(depth, 1)}</add>{self.blank()}</subst>")

    def make_mod(self, depth):
        if self.chance(0.5):
            return f"<mod{self.written(0.6)}>{self.content(depth, 1)}</mod>"
        return (f"<mod{self.written(0.6)}>{self.blank()}<del{self.written(0.3, 0.2)}>{self.content(depth, 1)}</del>"
                f"{self.blank()}<add{self.written(0.3, 0.2)}>{self.content(depth, 1)}</add>{self.blank()}</mod>")

    def make_hi(self, depth):
        return f'<hi rend="italic"{self.marked()}>{self.content(depth, 1)}</hi>'

    def make_emph(self, depth):
        return f"<emph>{self.content(depth, 1)}</emph>"

    def make_name(self, depth):
        return f"<persName>{self.words()}</persName>"

    def make_q(self, depth):
        return f"<q>{self.content(depth, 1)}</q>"

    def make_damage(self, depth):
        return f"<damage>{self.content(depth, 1)}</damage>"

    def make_metamark(self, depth):
        return f'<metamark function="insertion"{self.hand(0.3)}>^</metamark>'

    def make_seg(self, depth):
        return f"<seg{self.marked()}>{self.content(depth, 1)}</seg>"

    def make_retrace(self, depth):
        return f"<retrace{self.written(0.3, 0.2)}>{self.content(depth, 1)}</retrace>"

    def make_note(self, depth):
        if self.in_note:
            return self.words()
        self.in_note += 1
        kind = self.random.choice([self.hand(1), self.hand(1) + ' place="margin"', ' place="margin"', ' type="authorial"',
                                   ' resp="#p-ann"'])
        inside = self.words() if "notes" in self.without else self.content(depth, 1)
        text = f"<note{kind}{self.stage(0.4)}>{inside}</note>"
        self.in_note -= 1
        return text

    def make_enote(self, depth):
        if self.in_note:
            return self.words()
        self.in_note += 1
        resp = self.random.choice(["", ' resp="#ed"'])
        text = f"<note{resp}>{self.content(min(depth, 0), 1)}</note>"
        self.in_note -= 1
        return text

    def make_choice(self, depth):
        one, other = self.random.choice([("sic", "corr"), ("orig", "reg"), ("abbr", "expan")])
        parts = [f"<{one}>{self.content(depth, 1)}</{one}>", f"<{other}>{self.words()}</{other}>"]
        if self.chance(0.2):
            parts.reverse()
        return f"<choice>{self.blank()}{parts[0]}{self.blank()}{parts[1]}{self.blank()}</choice>"

    def make_forms(self, depth):
        """Possibilities, of which the first may be struck out or added."""
        act = self.random.choice(["del", "del", "add"])
        return (f"<choice><seg><{act}{self.written(0.5, 0.3)}>{self.words()}</{act}></seg>{self.blank()}"
                f"<seg>{self.words()}</seg></choice>")

    def make_pair(self, depth):
        one, other = self.random.choice([("sic", "corr"), ("orig", "reg")])
        return f"<{one}>{self.words()}</{one}><{other}>{self.words()}</{other}>"

    def make_letters(self, depth):
        return "<w>" + self.blank() + "".join(f"<seg>{self.word()}</seg>{self.blank()}" for _ in range(3)) + "</w>"

    def make_folio(self, depth):
        return f'<note type="foliation" place="top">{self.words()}</note>'

    def make_expan(self, depth):
        return f"<expan>{self.word()}<ex>{self.word()}</ex></expan>"

    def make_alone(self, depth):
        element = self.random.choice(["corr", "reg", "sic", "orig", "abbr"])
        return f"<{element}>{self.words()}</{element}>"

    def make_app(self, depth):
        if self.witness_kind == "none":
            return self.words()
        lists = [["#A"], ["#B"], ["#C"]]
        if self.witness_kind == "groups" and self.chance(0.4):
            lists = [["#A"], ["#G"]]
        self.random.shuffle(lists)
        if self.chance(0.3):
            merged = lists.pop()
            lists[0] = lists[0] + merged
        if self.chance(0.2) and len(lists) > 1:
            lists.pop()
        parts = []
        for number, sigla in enumerate(lists):
            element = "lem" if number == 0 and self.chance_of_lemma else "rdg"
            wit = f' wit="{" ".join(sigla)}"' if element == "rdg" or self.chance(0.7) else ""
            parts.append(f"<{element}{wit}>{self.content(depth, 1)}</{element}>")
        return "<app>" + self.blank() + self.blank().join(parts) + self.blank() + "</app>"

    @property
    def chance_of_lemma(self):
        return self.chance(0.7)

    def make_supplied(self, depth):
        return f'<supplied reason="{self.random.choice(["lost", "omitted"])}">{self.words()}</supplied>'

    def make_unclear(self, depth):
        return f"<unclear{self.hand(0.1)}>{self.content(depth, 1)}</unclear>"

    def make_surplus(self, depth):
        return f"<surplus>{self.content(depth, 1)}</surplus>"

    def make_restore(self, depth):
        if self.in_del:
            return self.words()
        return f"<restore{self.written(0.4, 0.3)}>{self.restored(depth)}</restore>"

    def restored(self, depth):
        return f"<del{self.written()}>{self.words()}</del>" if "restore" in self.without else self.make_del(depth)

    def make_restoredin(self, depth):
        if self.in_del:
            return self.words()
        return (f"<del{self.written()}>{self.words()} <restore{self.written(0.4, 0.3)}>{self.words()}</restore>"
                f"{self.blank()}{self.words()}</del>")

    def make_span(self, depth):
        """A span within this element; or one that ends in a later paragraph."""
        name = self.id()
        element = self.random.choice(["addSpan", "delSpan"])
        if element == "addSpan" and "addspan" in self.without:
            return self.words()
        begin = f'<{element}{self.written(0.6)} spanTo="#{name}"/>'
        end = f'<anchor xml:id="{name}"/>'
        if self.chance(0.7) or self.pending or self.in_note:
            return begin + (self.words() if "breaks" in self.without else self.content(depth, 2)) + end
        self.pending.append(end)
        return begin + self.words()

    def make_undo(self, depth):
        if not self.undoable:
            return self.make_del(depth)
        target = self.undoable[-1]
        text = f'<undo{self.written(0.3, 0.3)} target="#{target}"/>'
        return text + (f'<redo{self.written(0.3, 0.3)} target="#{target}"/>' if self.chance(0.2) else "")

    # -- the document

    def paragraph(self):
        before = ""
        if self.pending and self.chance(0.6):
            before = self.words() + self.pending.pop()
        attributes = self.stage(0.1)
        if self.chance(0.1):
            attributes += self.hand(1)
        return f"<p{attributes}>{before}{self.content(3, 6)}</p>"

    def body(self):
        paragraphs = []
        for _ in range(self.random.randint(2, 4)):
            text = self.paragraph()
            if self.chance(0.12):
                kind = self.random.choice(["", "", ' type="normalized"', ' type="summary"', ' type="summary" resp="#ed"'])
                # The rules do not say whose words are that a hand wrote in the editors' version of its text.
                if "handShift" in text or " hand=" in text:
                    kind = ""
                text = f"<div{kind}{self.written(0.5, 0.3)}>{text}</div>"
                paragraphs.append(text)
            else:
                paragraphs.append(f"<div>{text}</div>")
        if self.pending:
            paragraphs.append(f"<div><p>{self.words()}{self.pending.pop()} {self.words()}</p></div>")
        return "\n".join(paragraphs)

    def header(self):
        scopes = {"none": None, "one": [("ann", None)], "major": [("ann", "major"), ("bea", "minor"), ("cid", "minor")],
                  "two-majors": [("ann", "major"), ("bea", "major"), ("cid", "minor")],
                  "text": [("ann", None), ("bea", None), ("cid", None)],
                  "unscoped": [("ann", None), ("bea", None), ("cid", None)]}[self.hand_kind]
        notes = ""
        if scopes:
            notes = "<handNotes>" + "".join(
                f'<handNote xml:id="{h}"' + (f' scope="{s}"' if s else "")
                + f' scribe="{h.title()}" scribeRef="#p-{h}">Hand of {h.title()}</handNote>' for h, s in scopes) + "</handNotes>"
        stages = {"ordered": '<listChange ordered="true">{}</listChange>', "unordered": '<listChange ordered="false">{}</listChange>',
                  "nested": '<listChange><change xml:id="s1"/><listChange ordered="false"><change xml:id="s2"/>'
                            '<change xml:id="s3"/></listChange><change xml:id="s4"/></listChange>'}.get(self.stage_kind, "")
        stages = stages.format("".join(f'<change xml:id="{s}">Stage {s}</change>' for s in self.stages()))
        creation = f"<creation>{stages}</creation>" if stages else ""
        witnesses = {"none": "", "plain": '<listWit><witness xml:id="A"/><witness xml:id="B"/><witness xml:id="C"/></listWit>',
                     "groups": '<listWit><witness xml:id="A"/><listWit xml:id="G"><witness xml:id="B"/><witness xml:id="C"/>'
                               '</listWit></listWit>'}[self.witness_kind]
        encoding = (f'<encodingDesc><editorialDecl><hyphenation eol="{self.hyphens}"><p>Hyphens.</p></hyphenation>'
                    "</editorialDecl></encodingDesc>") if self.hyphens else ""
        people = '<particDesc><listPerson><person xml:id="p-bea"><persName>Bea</persName></person>' \
                 '<person xml:id="p-cid"><persName>Cid</persName></person></listPerson></particDesc>'
        profile = f"<profileDesc>{creation}{people}{notes}</profileDesc>"
        return ('<teiHeader><fileDesc><titleStmt><title>Generated</title><author xml:id="p-ann">Ann</author>'
                '<editor xml:id="ed">Ed</editor></titleStmt><publicationStmt><p>None</p></publicationStmt>'
                f"<sourceDesc><p>None</p>{witnesses}</sourceDesc></fileDesc>{encoding}{profile}</teiHeader>")

    def document(self):
        text = ' hand="#ann"' if self.hand_kind == "text" else ""
        text += self.stage(0.4) if self.stages() and self.chance(0.5) else ""
        return ('<?xml version="1.0" encoding="UTF-8"?>\n<TEI xmlns="http://www.tei-c.org/ns/1.0">\n'
                f"{self.header()}\n<text{text}><body>\n{self.body()}\n</body></text>\n</TEI>\n")


def main(arguments):
    folder, count = arguments[0], int(arguments[1])
    seed = int(arguments[2]) if len(arguments) > 2 else 1
    os.makedirs(folder, exist_ok=True)
    for number in range(count):
        with open(os.path.join(folder, f"g{number:03}.xml"), "w", encoding="utf-8") as file:
            file.write(Generator(seed * 100000 + number, arguments[3:]).document())


if __name__ == "__main__":
    main(sys.argv[1:])
