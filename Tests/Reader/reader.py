#!/usr/bin/env python3
"""An independent reader of TEI documents.

It computes, for each character of a document, whose it is (its hand), when it was written (its stage), whether it is
the editors', and in which of the document's texts it stands. It was written from the rules in docs/texts.md and from
the TEI Guidelines, and shares no code with the program. Slow and plain: what counts is that it is easy to check.

    import reader
    for document in reader.documents("Tests/Everything.xml"):
        for character, before, joined in document.text("reading"):
            print(character.value, character.place, character.hand, character.stage, character.editors)

`before` is the character that precedes it in the same paragraph or note, and `joined` says whether both are in one word
(None if the rules do not say it).

As a command it prints a text, its words as they are separated and nothing of the program's own:

    python3 reader.py FILE POLICY
"""

import os
import re
import sys
import unicodedata
from lxml import etree

TEI = "http://www.tei-c.org/ns/1.0"
XML_ID = "xml:id"
BLANKS = " \t\n\r"


# ---------------------------------------------------------------------------------------------------------------------
# What the elements are. The lists follow the element table of the documentation.

def names(text):
    return frozenset(text.split())

# Not in any text: data about the document, features, models, links.
HIDDEN = names("""
    abstract activity alt alternate altGrp annotation anyElement appInfo application arc attList attRef bicond binary
    broadcast calendar calendarDesc catDesc category catRef certainty channel char charDecl citeData citeStructure
    classCode classDecl classes classRef cond constitution content correction correspAction correspContext correspDesc
    creation cRefPattern dataFacet dataRef datatype default defaultVal derivation domain editorialDecl elementRef empty
    encodingDesc equipment equiv f facsimile factuality fDecl fDescr fLib fs fsConstraints fsdDecl fsDecl fsDescr
    fsdLink fvLib geoDecl glyph hyphenation if iff index interaction interp interpGrp interpretation joinGrp keywords
    language langUsage link linkGrp listAnnotation listChange listPrefixDef listRef listTranspose locale localProp
    macroRef mapping memberOf metDecl metSym model modelGrp modelSequence moduleRef namespace normalization numeric
    outputRendition param paramList precision prefixDef preparedness profileDesc projectDesc punctuation purpose
    quotation recording recordingStmt refsDecl refState rendition respons revisionDesc samplingDecl schemaRef
    scriptStmt segmentation sequence setting span spanGrp specDesc specGrpRef specList stdVals string styleDefDecl
    substJoin symbol tagsDecl tagUsage taxonomy teiHeader textClass textDesc textNode then timeline
    transcriptionDesc unicodeProp unihanProp unitDecl unitDef valDesc valList variantEncoding vAlt vColl vDefault
    vLabel vMerge vNot vRange wit xenoData standOff undo redo fsdDecl""")

# The editors' own words wherever they stand: registers and descriptions.
EDITORS = names("""
    listPerson listPlace listOrg listEvent listNym listObject listRelation listWit msDesc
    accMat acquisition additional additions adminInfo binding bindingDesc collation colophon condition custEvent
    custodialHist decoDesc decoNote explicit filiation finalRubric foliation handDesc handNote handNotes history
    incipit layout layoutDesc msContents msFrag msIdentifier msItem msItemStruct msPart musicNotation objectDesc origin
    physDesc provenance recordHist rubric scriptDesc scriptNote seal sealDesc source summary support supportDesc
    surrogates typeDesc typeNote change""")

# A description of something that has no words of its own.
DESCRIPTIONS = names("figDesc desc")
DESCRIBED = names("figure notatedMusic incident kinesic vocal gap space damage media graphic ellipsis event")

# These end and begin lines or paragraphs.
BLOCKS = names("""
    p ab div div1 div2 div3 div4 div5 div6 div7 head lg l list item table row cell sp spGrp speaker argument epigraph
    opener closer salute signed dateline byline postscript trailer docTitle titlePage titlePart docImprint docDate
    docEdition docAuthor imprimatur epilogue prologue performance set castList castItem castGroup u annotationBlock
    floatingText text front body back group line zone surface surfaceGrp sourceDoc address addrLine eg egXML entry
    entryFree superEntry re sense headItem headLabel listBibl figure person personGrp place org event nym
    object relation witness s note""") | (EDITORS - {"change", "handNote"})

# These do so unless they stand in a sentence.
BLOCKS_OUTSIDE_SENTENCES = names("stage quote cit bibl biblStruct biblFull camera caption sound tech view label")

# Parts of these are apart even if nothing in the source separates them.
APART = names("""
    listPerson person personGrp persona place org event nym object entry entryFree form gramGrp sense hom etym
    bibl biblStruct biblFull analytic monogr series imprint address castItem msIdentifier choiceless
    cit listPlace listOrg listEvent""")

REGISTERS = names("listPerson listPlace listOrg listEvent listNym listObject")

# What only marks: its @hand underlined, struck out or went over the words. On all others it says who wrote them.
MARKING = names("""
    hi emph seg del delSpan mod subst substJoin retrace restore undo redo unclear damage damageSpan supplied surplus
    gap space handShift transpose listTranspose""")

# Parts of an edition that are not the document's.
EDITORS_DIVISIONS = names("""
    translation commentary comment comments bibliography regest regesta regesten normalized normalised modernized
    modernised apparatus""")

PARAGRAPH_UNITS = names("p ab head lg l div list item")
HYPHENS = "-\u2010\u00ad\u00ac\u2e40"
FORME_WORK = names("fw")
# Zones of the sheet: page numbers, shelf marks, running heads.
SHEET = names("""
    pagination page-number page_number pageNumber foliation folio library shelfmark running_head running-head
    runningHead catchword""")
# Those that whoever keeps the document wrote.
KEEPERS = names("library shelfmark foliation folio")
CERTAINTY = {"high": 3, "medium": 2, "unknown": 1, "low": 0}


# ---------------------------------------------------------------------------------------------------------------------
# The source: every character of the text with its place

class Place:
    """Where a character stands: file, line and column, both from 1. `part` counts the characters of an entity."""

    def __init__(self, file, line, column, part=0):
        self.file, self.line, self.column, self.part = file, line, column, part

    def key(self):
        return (self.file, self.line, self.column, self.part)

    def __repr__(self):
        return f"{self.file}:{self.line}:{self.column}"


REFERENCES = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'"}


def character_data(source, file):
    """All characters between tags within the root element: pairs of a character and its place."""
    entities = dict(REFERENCES)
    found = []
    line, line_start, position, depth = 1, 0, 0, 0
    length = len(source)

    def advance(end):
        nonlocal line, line_start, position
        for match in re.finditer("\n", source[position:end]):
            line += 1
            line_start = position + match.end()
        position = end

    while position < length:
        here = (line, position - line_start + 1)
        if source.startswith("<!--", position):
            advance(source.index("-->", position) + 3)
        elif source.startswith("<?", position):
            advance(source.index("?>", position) + 2)
        elif source.startswith("<![CDATA[", position):
            end = source.index("]]>", position)
            advance(position + 9)
            while position < end:
                found.append((source[position], Place(file, line, position - line_start + 1)))
                advance(position + 1)
            advance(end + 3)
        elif source.startswith("<!DOCTYPE", position):
            end = doctype_end(source, position)
            for name, quoted in re.findall(r"<!ENTITY\s+([\w.-]+)\s+(\"[^\"]*\"|'[^']*')", source[position:end]):
                entities.setdefault(name, expand(quoted[1:-1], entities))
            advance(end)
        elif source[position] == "<":
            end = tag_end(source, position)
            if source[position + 1] == "/":
                depth -= 1
            elif source[end - 2] != "/":
                depth += 1
            advance(end)
        elif source[position] == "&":
            end = source.index(";", position) + 1
            if depth:
                for part, value in enumerate(expand(source[position:end], entities)):
                    found.append((value, Place(file, *here, part)))
            advance(end)
        else:
            if depth:
                found.append((source[position], Place(file, *here)))
            advance(position + 1)
    return found


def expand(text, entities):
    def replacement(match):
        name = match.group(1)
        if name.startswith("#x"):
            return chr(int(name[2:], 16))
        if name.startswith("#"):
            return chr(int(name[1:]))
        return entities[name]
    return re.sub(r"&([^;]+);", replacement, text)


def tag_end(source, position):
    """Behind the `>` of a tag; one in an attribute's value does not count."""
    return re.compile(r"<[^\"'>]*(?:(?:\"[^\"]*\"|'[^']*')[^\"'>]*)*>").match(source, position).end()


def doctype_end(source, position):
    subset = source.find("[", position)
    close = source.index(">", position)
    if subset == -1 or subset > close:
        return close + 1
    return source.index(">", source.index("]", subset)) + 1


# ---------------------------------------------------------------------------------------------------------------------
# The tree

class Node:
    """An element, with attributes by their usual names; its children are nodes and lists of characters."""

    def __init__(self, name, attributes, parent, file, line, foreign=False):
        self.name, self.attributes, self.parent, self.file, self.line = name, attributes, parent, file, line
        self.foreign = foreign
        self.children = []

    def get(self, name, otherwise=None):
        return self.attributes.get(name, otherwise)

    def ancestors(self):
        node = self
        while node is not None:
            yield node
            node = node.parent

    def elements(self):
        return [child for child in self.children if isinstance(child, Node)]

    def descendants(self):
        yield self
        for child in self.elements():
            yield from child.descendants()

    def find(self, *wanted):
        return (node for node in self.descendants() if node.name in wanted)

    def words(self):
        """All its characters as a string."""
        return "".join("".join(c.value for c in child) if isinstance(child, list) else child.words()
                       for child in self.children)

    def has_words_of_its_own(self):
        return any(c.value not in BLANKS for child in self.children if isinstance(child, list) for c in child)


class Character:
    """One character of the source, and all that is known of it."""

    def __init__(self, value, place):
        self.value, self.place = value, place
        self.node = None
        self.hand = self.stage = None
        self.editors = False
        self.stream = None

    def is_blank(self):
        return self.value.isspace()


def attribute_name(name):
    if name.startswith("{http://www.w3.org/XML/1998/namespace}"):
        return "xml:" + name.split("}")[1]
    return name.split("}")[-1]


def load(path, shown=None, including=()):
    """The tree of a file, with its inclusions in it."""
    shown = shown or path
    with open(path, "rb") as file:
        data = file.read()
    source = data.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
    parser = etree.XMLParser(remove_comments=True, remove_pis=True, resolve_entities=True, huge_tree=True)
    root = etree.fromstring(data, parser)
    supply = iter(character_data(source, shown))

    def characters(text):
        taken = []
        for value in text or "":
            expected, place = next(supply)
            assert expected == value, f"{place}: {value!r} and {expected!r}"
            taken.append(Character(value, place))
        return taken

    def convert(element, parent):
        name = etree.QName(element).localname
        namespace = etree.QName(element).namespace
        node = Node(name, {attribute_name(k): v for k, v in element.attrib.items()}, parent, shown,
                    element.sourceline, namespace not in (TEI, None))
        append(node, characters(element.text))
        for child in element:
            if child.tag is etree.Entity:
                continue
            made = convert(child, node)
            if namespace_of(child) == "http://www.w3.org/2001/XInclude" and made.name == "include":
                made = included(made, path, shown, node, including + (path,))
            if made is not None:
                node.children.append(made)
            append(node, characters(child.tail))
        return node

    return convert(root, None)


def namespace_of(element):
    return etree.QName(element).namespace


def append(node, characters):
    if characters:
        for character in characters:
            character.node = node
        node.children.append(characters)


def included(node, path, shown, parent, including):
    href = node.get("href")
    target = os.path.normpath(os.path.join(os.path.dirname(path), href or ""))
    if not href or node.get("parse") == "text" or target in including or not os.path.exists(target):
        return None
    root = load(target, os.path.normpath(os.path.join(os.path.dirname(shown), href)), including)
    root.parent = parent
    return root


# ---------------------------------------------------------------------------------------------------------------------
# What was done to the text

class Act:
    """An addition, deletion, restoration and the like: the element, and whose it is."""

    def __init__(self, kind, node, order):
        self.kind, self.node, self.order = kind, node, order
        self.hand = self.stage = None
        self.by_another = False       # an addition, or by a hand that is named


class Break:
    """Something between characters: the end of a block, a line, a page; a gap in a witness."""

    def __init__(self, kind, node, context):
        self.kind, self.node = kind, node
        self.context = Context(context.node, context.acts, context.hand, context.stage, context.editors, context.stream)
        self.context.is_break = kind in ("block", "part")


class Context:
    """What holds at a place in the document."""

    def __init__(self, node, acts, hand, stage, editors, stream):
        self.node, self.acts, self.hand, self.stage, self.editors, self.stream = node, acts, hand, stage, editors, stream
        self.element_acts = acts      # without those that reach from a milestone to an anchor
        self.present = {}             # by policy
        self.is_break = False         # breaks are there for whoever wrote the words around them


def pointers(value):
    """The ids that a value points to; a pointer into another file stays as it is."""
    return [p[1:] if p.startswith("#") else p for p in (value or "").split()]


def documents(path):
    """The documents of a file: one, or those of a corpus that have a text."""
    found = []

    def collect(node, headers):
        if node.name == "teiCorpus":
            own = [c for c in node.elements() if c.name == "teiHeader"]
            for child in node.elements():
                collect(child, own + headers)
        elif node.name == "TEI":
            document = Document(path, node, headers)
            if document.start:
                found.append(document)

    collect(load(path), [])
    return found


class Document:
    def __init__(self, path, root=None, headers=()):
        """A document; `headers` are those of the corpora around it, the nearest first."""
        self.root = root or load(path)
        self.path = path
        self.headers = list(headers)
        self.name = self.root.get(XML_ID)
        self.by_id = {}
        for node in self.root.descendants():
            if node.get(XML_ID):
                self.by_id.setdefault(node.get(XML_ID), node)
        self.read_header()
        self.read_joins()
        self.read_undoing()
        self.walk()
        self.read_lacunae()
        self.read_signs()

    # -- header

    def read_header(self):
        self.header = next((n for n in self.root.elements() if n.name == "teiHeader"), Node("teiHeader", {}, None, "", 0))
        self.start = self.starting_point()
        self.hands = [n for h in [self.header] + self.headers for n in h.find("handNote") if n.get(XML_ID)]
        self.read_hyphenation()
        self.read_stages()
        self.read_witnesses()
        self.main_hand = self.find_main_hand()
        self.author_ids = self.find_authors()

    def starting_point(self):
        kinds = [n.name for n in self.root.elements()]
        for wanted in ("text", "sourceDoc"):
            if wanted in kinds:
                return [n for n in self.root.elements() if n.name == wanted]
        return []

    def read_hyphenation(self):
        self.hard_hyphens = any(n.get("eol") in ("hard", "none") for n in self.header.find("hyphenation"))
        self.kept_hyphens = any(n.get("eol") in ("all", "some") for n in self.header.find("hyphenation"))

    def read_stages(self):
        """Stages in their order: pairs of an id and what must be earlier for it to hold."""
        self.stages, self.earlier = [], {}
        self.numbered = False
        lists = [n for n in self.header.find("listChange")
                 if n.parent.name != "listChange" and all(a.name != "revisionDesc" for a in n.ancestors())]

        def collect(listing, before):
            ordered = listing.get("ordered") not in ("false", "0")
            inside = []
            for child in listing.elements():
                if child.name == "change" and child.get(XML_ID):
                    name = child.get(XML_ID)
                    self.stages.append(name)
                    self.earlier[name] = set(before) | (set(inside) if ordered else set()) | {name}
                    inside.append(name)
                elif child.name == "listChange":
                    inside += collect(child, set(before) | (set(inside) if ordered else set()))
            return inside

        for listing in lists:
            collect(listing, ())
        if not lists:
            ordered = any(len({n.get("seq") for n in s.elements() if n.name in ("add", "del") and n.get("seq")}) > 1
                          for start in self.start for s in start.find("subst", "mod"))
            numbers = [] if ordered else sorted({int(n.get("seq")) for s in self.start for n in s.descendants()
                              if (n.get("seq") or "").isdigit()})
            self.numbered = bool(numbers)
            self.stages = [f"seq-{n}" for n in numbers]
            self.earlier = {s: set(self.stages[:i + 1]) for i, s in enumerate(self.stages)}

    def read_witnesses(self):
        """Sigla by id, and the members of each group."""
        self.witnesses, self.members = {}, {}

        def collect(listing):
            inside = []
            for child in listing.elements():
                if child.name == "witness" and child.get(XML_ID):
                    self.witnesses[child.get(XML_ID)] = child.get("n") or child.get(XML_ID)
                    inside.append(child.get(XML_ID))
                    inside += [w for nested in child.elements() if nested.name == "listWit" for w in collect(nested)]
                elif child.name == "listWit":
                    inside += collect(child)
            if listing.get(XML_ID):
                self.members[listing.get(XML_ID)] = inside
            return inside

        for listing in self.root.find("listWit"):
            if listing.parent.name not in ("listWit", "witness"):
                collect(listing)

    def witness_list(self, value):
        found = []
        for name in pointers(value):
            found += self.members.get(name, [name])
        return found

    def find_authors(self):
        found = set()
        for author in self.header.find("author"):
            for name in ("ref", "key", "corresp"):
                found.update(pointers(author.get(name)))
            found.update(pointers(author.get(XML_ID)))
        return found

    def hand_id(self, pointer):
        """The id of the hand at a pointer: of a handNote, or of the scribe of one."""
        if not pointer:
            return None
        pointer = pointer.split()[0]
        name = pointer[1:] if pointer.startswith("#") else pointer
        if name not in [h.get(XML_ID) for h in self.hands]:
            for hand in self.hands:
                if hand.get("scribeRef") == pointer:
                    return hand.get(XML_ID)
        return name

    def shifted_hand(self, node):
        """The hand that a handShift names."""
        if node.get("new"):
            return self.hand_id(node.get("new"))
        if node.get("scribeRef"):
            return self.hand_id(node.get("scribeRef"))
        if node.get("scribe"):
            wanted = node.get("scribe")
            for hand in self.hands:
                if hand.get("scribe") == wanted or hand.get(XML_ID) == wanted or hand.words().strip() == wanted:
                    return hand.get(XML_ID)
            return wanted
        return None

    def find_main_hand(self):
        for start in self.start:
            for node in start.find("text", "body"):
                if node.get("hand") and all(a.name in ("TEI", "teiCorpus", "text", "body") for a in node.ancestors()):
                    return self.hand_id(node.get("hand"))
        large = [h for h in self.hands if h.get("scope") in ("sole", "major")]
        if len(large) == 1:
            return large[0].get(XML_ID)
        if not large and len(self.hands) == 1:
            pointer = "#" + (self.hands[0].get(XML_ID) or "")
            pointing = [n for s in self.start for n in s.descendants()
                        if any(pointer in (n.get(name) or "").split() for name in ("hand", "new", "resp", "scribeRef"))]
            marks = all(n.name in ("note", "metamark", "stamp", "fw") for n in pointing)
            return None if pointing and marks else self.hands[0].get(XML_ID)
        return None

    # -- what joins and undoes

    def read_joins(self):
        """Attributes that an element takes from another: a subst's for its parts, a fragment's for the others."""
        self.lent = {}
        for join in self.root.find("substJoin"):
            for name in pointers(join.get("target")):
                if name in self.by_id:
                    self.lent.setdefault(self.by_id[name], []).append(join)
        groups = {}
        for node in self.root.descendants():
            for name in ("next", "prev"):
                for other in pointers(node.get(name)):
                    if other in self.by_id:
                        merged = groups.get(node, [node]) + groups.get(self.by_id[other], [self.by_id[other]])
                        for member in merged:
                            groups[member] = merged
        for node, others in groups.items():
            self.lent.setdefault(node, []).extend(o for o in others if o is not node)

    def said(self, node, name):
        """An attribute of a change: its own, or that of the substitution or fragments to which it belongs."""
        if node.get(name):
            return node.get(name)
        for other in self.lent.get(node, []):
            if other.get(name):
                return other.get(name)
        if node.name in ("add", "del") and node.parent is not None \
                and node.parent.name in ("subst", "mod"):
            return self.said(node.parent, name)
        return None

    def read_undoing(self):
        """For each element that undo or redo point to, what happened to it, in order."""
        self.undoing = {}

        def follow(name, seen=()):
            node = self.by_id.get(name)
            if node is None or node in seen:
                return []
            if node.name in ("undo", "redo"):
                return [n for t in pointers(node.get("target")) for n in follow(t, seen + (node,))]
            if node.name in ("subst", "substJoin"):
                parts = pointers(node.get("target")) if node.name == "substJoin" else []
                return [node] + [c for c in node.elements()] + [self.by_id[p] for p in parts if p in self.by_id]
            return [node]

        for node in self.root.find("undo", "redo"):
            for target in pointers(node.get("target")):
                points_at = self.by_id.get(target)
                kind = node.name
                if points_at is not None and points_at.name in ("undo", "redo") and kind == "undo":
                    kind = "redo" if points_at.name == "undo" else "undo"
                for done in follow(target):
                    self.undoing.setdefault(done, []).append((kind, node))

    # -- the walk through the document

    def walk(self):
        """Lists all characters and breaks in the order of the source, each with what holds there."""
        self.tokens = []
        self.ranges = {}              # node: first token and behind the last
        self.entry_hand = {}          # node: who writes where it begins
        self.open_ranges = {}         # by the id of an anchor: the milestones whose passage it ends
        self.apart_apparatus = []     # apparatus entries that stand beside their words
        self.hand_frames = [[self.main_hand, None]]
        self.acts_made = 0
        self.spans = []               # acts from a milestone to an anchor
        self.position = 0
        for start in self.start:
            self.visit(start, Context(None, (), None, None, False, None))
        # Notes that lie apart are notes of the text.
        for apart in self.root.find("standOff"):
            for note in apart.find("note"):
                if note.get("target"):
                    self.visit(note, Context(None, (), None, None, False, None))
        self.standing_in, self.stands_at, self.beside = {}, {}, {}
        self.within_text = len(self.tokens)
        self.replaced = {}            # by sigil: the tokens that a reading outside of the text replaces
        standing_off = [(app, None) for listing in self.root.find("listApp") for app in listing.find("app")]
        for app, end in self.apart_apparatus + standing_off:
            self.place_app(app, end)

    # -- an apparatus outside of the text

    def place_app(self, app, end):
        words = self.words_of(app, end)
        if not words:
            return
        around = list(words[0].context.node.ancestors())
        for reading in self.readings(app):
            if reading.name == "rdg":
                self.stands_at[reading] = words[0]
                self.beside[reading] = app
                for node in around:
                    self.standing_in.setdefault(node, []).append(reading)
                sigla = [self.witnesses.get(w, w) for w in self.witness_list(reading.get("wit"))]
                self.visit(reading, Context(None, (), None, None, False, reading))
                for sigil in sigla:
                    self.replaced.setdefault(sigil, set()).update(id(t) for t in words)

    def words_of(self, app, position):
        """The tokens that an app refers to: between two anchors, or its lemma in the passage that @loc names."""
        begin, end = (self.ranges.get(self.by_id.get((app.get(n) or "")[1:])) for n in ("from", "to"))
        if begin and not app.get("to") and position is not None:
            end = (position, position)
        if begin and end:
            return self.tokens[begin[0]:end[1]]
        lemma = next((r.words().split() for r in self.readings(app) if r.name == "lem"), [])
        for node in self.ranges:
            if app.get("loc") and node.get("n") == app.get("loc") and lemma:
                tokens = self.tokens[self.ranges[node][0]:self.ranges[node][1]]
                letters = [t for t in tokens if isinstance(t, Character) and not t.is_blank()]
                text = "".join(t.value for t in letters)
                parts = "".join(lemma).split("…")
                first = text.find(parts[0])
                last = text.find(parts[-1], first)
                if first >= 0 and last >= 0:
                    return letters[first:last + len(parts[-1])]
        return []

    def visit(self, node, outer):
        if self.is_hidden(node):
            return
        if node.name == "app" and (node.get("from") or node.get("loc")):
            self.apart_apparatus.append((node, len(self.tokens)))
            return
        first = len(self.tokens)
        for span in list(self.spans):
            if node.get(XML_ID) and node.get(XML_ID) in pointers(span.node.get("spanTo")):
                self.end_span(span)
        for begun in self.open_ranges.pop(node.get(XML_ID), []):
            self.ranges[begun] = (self.ranges[begun][0], len(self.tokens))
        if node.get("spanTo"):
            for end in pointers(node.get("spanTo")):
                self.open_ranges.setdefault(end, []).append(node)
        context = self.enter(node, outer)
        if self.separates(node):
            self.tokens.append(Break("block", node, context))
        elif self.is_apart(node):
            self.tokens.append(Break("part", node, context))
        if node.name in ("lb", "pb", "cb", "gb", "milestone", "space", "caesura"):
            self.tokens.append(Break(node.name, node, context))
        if node.name in ("witStart", "witEnd", "lacunaStart", "lacunaEnd"):
            self.tokens.append(Break(node.name, node, context))
        for child in self.in_order(node):
            if isinstance(child, Node):
                self.visit(child, context)
            else:
                self.add_characters(node, child, context)
        if self.separates(node):
            self.tokens.append(Break("block", node, context))
        if node.name == "milestone" and (node.get("unit") or "").split(":")[-1] in PARAGRAPH_UNITS:
            self.tokens.append(Break("block", node, context))
        self.leave(node)
        self.ranges[node] = (first, len(self.tokens))

    def in_order(self, node):
        """The children; of a choice, the forms of the source before those of the editors."""
        if node.name != "choice":
            return node.children
        editors = [c for c in node.children if isinstance(c, Node) and c.name in ("corr", "reg", "expan", "ex")]
        return [c for c in node.children if c not in editors] + editors

    @staticmethod
    def is_apart(node):
        """Whether it is a part of an entry, reference or the like, and follows another one without text between."""
        if node.parent is None or node.parent.name not in APART \
                and not any(a.name in REGISTERS for a in node.parent.ancestors()):
            return False
        position = node.parent.children.index(node)
        return position > 0 and isinstance(node.parent.children[position - 1], Node)

    def add_characters(self, node, characters, context):
        if self.has_only_elements(node) and not self.is_between_like_parts(node, characters):
            return
        context = self.current(node, context)
        for character in characters:
            character.context = context
            character.hand, character.stage = context.hand, context.stage
            character.editors, character.stream = context.editors, context.stream
            self.tokens.append(character)

    @staticmethod
    def is_hidden(node):
        if node.name in ("standOff",):
            return node.parent is None or node.parent.name not in ("TEI",)
        return node.name in HIDDEN

    @staticmethod
    def is_between_like_parts(node, characters):
        """Whether white space is between two additions or two deletions: it is in a text with both."""
        if node.name not in ("mod", "subst"):
            return False
        position = next(i for i, child in enumerate(node.children) if child is characters)
        before = [c for c in node.children[:position] if isinstance(c, Node)]
        after = [c for c in node.children[position + 1:] if isinstance(c, Node)]
        if {c.name for c in before} & {c.name for c in after}:
            return True
        return bool(before) and not after and Document.ends_with_word(node, characters)

    @staticmethod
    def ends_with_word(node, characters):
        """Whether a space before the end tag is between two letters, and no line of the file ends there."""
        siblings = node.parent.children
        place = next(i for i, child in enumerate(siblings) if child is node)
        following = siblings[place + 1] if place + 1 < len(siblings) else None
        last = node.elements()[-1].words().strip()
        return (not any(c.value in "\r\n" for c in characters) and isinstance(following, list) and bool(following)
                and following[0].value.isalnum() and len(last) > 1 and last[-1].isalnum())

    @staticmethod
    def has_only_elements(node):
        """Whether white space in it says nothing: between the readings of a choice, the parts of a substitution."""
        if node.name in ("choice", "subst", "app", "rdgGrp"):
            return True
        if node.name == "w":
            return not node.has_words_of_its_own() and bool(node.elements())
        return node.name == "mod" and not node.has_words_of_its_own() and bool(node.elements())

    @staticmethod
    def separates(node):
        if node.name in BLOCKS_OUTSIDE_SENTENCES:
            return not Document.in_sentence(node)
        if node.name == "list":
            return node.get("rend") != "inline"
        if node.name == "item":
            return node.parent is None or node.parent.get("rend") != "inline"
        return node.name in BLOCKS

    @staticmethod
    def in_sentence(node):
        parent = node.parent
        return parent is not None and (parent.name in ("p", "ab", "l", "seg", "hi", "emph", "head", "item", "cell", "note",
                                                      "line", "add", "del", "speaker")
                                       or (parent.has_words_of_its_own()))

    # Hands, stages and acts on the way down and up.

    def enter(self, node, outer):
        """What holds in an element."""
        acts = outer.element_acts
        editors = outer.editors or self.is_editors(node)
        stream = outer.stream
        if node.name in ("note", "fw", "stamp", "zone", "metamark", "witDetail") \
                and (outer.stream is None or outer.stream.name == "zone"):
            stream = node
        if node.name == "handShift":
            hand = self.shifted_hand(node)
            self.hand_frames[-1][0] = hand or self.hand_frames[-1][0]
        if self.names_hand(node):
            self.hand_frames.append([self.hand_id(self.said(node, "hand")), node])
        elif node.name in ("note",) and self.is_editors(node):
            self.hand_frames.append([None, node])
        elif node.name in ("zone", "note", "fw") and KEEPERS & set((node.get("type") or "").split()):
            self.hand_frames.append([None, node])
        elif node.name == "note" or node.name == "add" and self.first_shift(node):
            # What shifts the hand in it ends with it.
            begun = self.first_shift(node) if node.name == "add" else None
            self.hand_frames.append([begun or self.hand_frames[-1][0], node])
        self.entry_hand[node] = [f for f in self.hand_frames if f[1] is None or f[1].name != "addSpan"][-1][0]
        if node.name in ("add", "del", "restore"):
            acts = acts + (self.make_act(node.name, node, outer),)
        if node.name in ("addSpan", "delSpan"):
            self.begin_span(node, outer)
        return self.current(node, Context(node, acts, None, None, editors, stream))

    def current(self, node, context):
        """A context with the acts, hand and stage that hold at this very place."""
        acts = tuple(sorted(context.element_acts + tuple(self.spans), key=lambda act: act.order))
        hand = None if context.editors else self.hand_frames[-1][0]
        stage = None if context.editors else self.stage_of_words(node, hand, acts)
        made = Context(node, acts, hand, stage, context.editors, context.stream)
        made.element_acts = context.element_acts
        return made

    def leave(self, node):
        """What an element says of hands ends with it; that of an addSpan ends at its anchor."""
        if node.name != "addSpan":
            self.hand_frames = [f for f in self.hand_frames if f[1] is not node]

    def first_shift(self, node):
        """The hand to which an addition shifts before its first words."""
        for child in node.children:
            if isinstance(child, Node):
                return self.shifted_hand(child) if child.name == "handShift" else None
            if any(c.value not in BLANKS for c in child):
                return None
        return None

    def names_hand(self, node):
        return node.name not in MARKING and node.name != "addSpan" and bool(self.said(node, "hand"))

    def begin_span(self, node, outer):
        act = self.make_act(node.name[:3], node, outer)
        act.frame = None
        if node.name == "addSpan" and self.said(node, "hand"):
            act.frame = [self.hand_id(self.said(node, "hand")), node]
            self.hand_frames.append(act.frame)
        self.spans.append(act)

    def end_span(self, act):
        self.spans.remove(act)
        self.hand_frames = [f for f in self.hand_frames if f is not act.frame]

    def make_act(self, kind, node, outer):
        """An act with its hand and stage: those that it names, or else those of the words around it."""
        act = Act(kind, node, self.acts_made)
        self.acts_made += 1
        named = self.said(node, "hand")
        begun = self.first_shift(node) if node.name == "add" else None
        act.hand = self.hand_id(named) if named else begun or self.hand_frames[-1][0]
        act.by_another = kind == "add" or bool(named)
        act.stage = self.stage_named(self.said(node, "change"), self.said(node, "seq")) \
            or self.inherited_stage(node.parent, act.hand)
        return act

    def stage_named(self, change, seq):
        for name in pointers(change):
            if name in self.stages:
                return name
        if self.numbered and (seq or "").isdigit():
            return f"seq-{int(seq)}"
        return None

    def stage_of_words(self, node, hand, acts):
        """The stage of words: that of the nearest element that writes them and names one, if it is of the same hand."""
        for act in reversed(acts):
            if act.node.name == "addSpan" and act.node not in node.ancestors():
                named = self.stage_named(self.said(act.node, "change"), self.said(act.node, "seq"))
                if named and act.hand == hand:
                    return named
        return self.inherited_stage(node, hand)

    def inherited_stage(self, node, hand):
        if not self.stages:
            return None
        for around in node.ancestors():
            if around.name in ("del", "mod", "subst", "retrace", "restore", "undo", "redo", "hi", "emph"):
                continue
            if around.name == "seg" and around.get("hand"):
                continue
            named = self.stage_named(self.said(around, "change"), self.said(around, "seq"))
            if named and self.hand_at(around) == hand:
                return named
        return None

    def done_by(self, stage, hand, until, added=True):
        """Whether something was there in a stage's text. What names no stage was there from the beginning if the main
        hand did it, or else since the last stage. Without a main hand, all that is no addition was there."""
        if until is None or not self.stages:
            return True
        if stage is None:
            return hand == self.main_hand or self.stages[-1] in until or self.main_hand is None and not added
        return stage in until

    def hand_at(self, node):
        """The hand that writes where an element begins, its own if it names one."""
        return self.entry_hand.get(node, self.main_hand)

    # Whose words

    def is_editors(self, node):
        if node.name in EDITORS or node.name in ("supplied", "ex", "witDetail"):
            return True
        if node.name in ("corr", "reg"):
            return True
        if node.name == "expan":
            return node.parent is not None and node.parent.name == "choice"
        if node.name in DESCRIPTIONS:
            return True
        if node.name == "div":
            types = (node.get("type") or "").split()
            theirs = EDITORS_DIVISIONS & set(types) or "summary" in types and node.get("resp")
            return bool(theirs) and not node.get("hand")
        if node.name == "note":
            return not self.is_writers_note(node)
        return self.is_conjecture(node)

    @staticmethod
    def is_conjecture(node):
        """A reading that no witness has, and that a scholar made."""
        if node.name not in ("lem", "rdg") or node.get("wit") or node.get("hand"):
            return False
        if node.get("type") in ("conjecture", "emendation", "conj", "emend"):
            return True
        if node.name == "lem" and not any(n.get("wit") for n in node.parent.elements()):
            return bool(node.get("source"))
        return bool(node.get("resp") or node.get("source"))

    def is_writers_note(self, node):
        """A note is the editors' unless something says that a writer wrote it."""
        if node.get("hand"):
            return True
        if node.get("resp"):
            described = {"#" + h.get(XML_ID) for h in self.hands if h.get(XML_ID)}
            return any(r in self.author_ids or r in described for r in pointers(node.get("resp")))
        if node.get("place") or node.get("change") or node.get("type") == "authorial":
            return True
        if node.parent is not None and node.parent.name == "add":
            return True
        return any(n.name in ("add", "del", "subst")
                   and not any(a.name in ("q", "quote", "mentioned", "cit") and a is not node and node in a.ancestors()
                               for a in n.ancestors()) for n in node.descendants())

    # -- the texts

    def policies(self):
        hands = []
        for node in self.hands:
            hands.append(node.get(XML_ID))
        return (["typed", "revised", "reading", "diplomatic"] + [f"hand:{h}" for h in hands]
                + [f"stage:{s}" for s in self.stages] + [f"witness:{s}" for s in self.witnesses.values()])

    def present(self, token, policy):
        """Whether a character (or a break) is in a text. All characters of a context are, or none; lacunae apart."""
        kind, _, name = policy.partition(":")
        context = token.context
        if policy not in context.present:
            context.present[policy] = self.holds(context, kind, name)
        return context.present[policy] and not (kind == "witness" and self.in_lacuna(token, name))

    def holds(self, context, kind, name):
        """Whether what stands in a context is in a text."""
        nodes = list(context.node.ancestors())
        for node in nodes:
            if node in self.stands_at and not self.holds(self.stands_at[node].context, kind, name):
                return False
        if any(n.name == "desc" and n.parent is not None and n.parent.name in DESCRIBED - {"event"} for n in nodes):
            return kind in ("reading", "diplomatic") and not any(n.name in ("gap", "space") for n in nodes)
        if kind == "diplomatic":
            return True
        if any(n.name in FORME_WORK for n in nodes) or self.is_of_sheet(context.node):
            return False
        if any(n.name == "metamark" for n in nodes):
            return False
        if not self.editors_words_allowed(nodes, kind):
            return False
        if not all(self.reading_chosen(n, kind, name) for n in nodes):
            return False
        return context.is_break or self.acts_allow(context, kind, name)

    def editors_words_allowed(self, nodes, kind):
        for node in nodes:
            if node.name == "note" and self.is_editors(node):
                if kind not in ("revised", "reading", "witness"):
                    return False
            elif node.name in ("supplied", "ex"):
                if kind != "reading":
                    return False
            elif node.name == "surplus":
                if kind == "reading":
                    return False
            elif node.name in ("corr", "reg") or node.name == "expan" and self.is_editors(node):
                if node.parent.name == "choice":
                    if kind != "reading":
                        return False
                elif kind == "hand":
                    return False
            elif node.name == "am" and kind == "reading":
                if node.parent.name == "choice" or any(a.name in ("expan",) for a in node.ancestors()):
                    return False
            elif self.is_conjecture(node):
                if kind == "hand":
                    return False
            elif self.is_editors(node):
                if kind != "reading":
                    return False
        return True

    def reading_chosen(self, node, kind, name):
        """Of a choice or an apparatus, whether this is the reading of the text."""
        parent = node.parent
        if parent is None:
            return True
        if parent.name == "choice":
            return self.chosen(parent.elements(), kind, name) is node
        pair = self.pair(node)
        if pair:
            return self.chosen(pair, kind, name) is node
        if node.name in ("lem", "rdg"):
            app = next((a for a in parent.ancestors() if a.name == "app"), None)
            if app is not None and app is self.beside.get(node) and kind != "witness":
                return False
            # The text of a hand has its readings, taken by the last text or not.
            own = kind == "hand" and node.get("hand") is not None
            return app is None or own or self.chosen_reading(app, kind, name) is node
        return True

    @staticmethod
    def pair(node):
        """A form and its correction or regular spelling that stand side by side: they are a choice."""
        second = {"sic": "corr", "orig": "reg"}
        siblings = node.parent.children
        place = next(i for i, child in enumerate(siblings) if child is node)
        after = siblings[place + 1] if place + 1 < len(siblings) else None
        before = siblings[place - 1] if place else None
        if node.name in second and isinstance(after, Node) and after.name == second[node.name]:
            return [node, after]
        if isinstance(before, Node) and second.get(before.name) == node.name:
            return [before, node]
        return None

    def chosen(self, forms, kind, name):
        editors = [c for c in forms if c.name in ("corr", "reg", "expan", "ex")]
        writers = [c for c in forms if c.name in ("sic", "orig", "abbr", "am")]
        if editors and writers:
            candidates = editors if kind == "reading" else writers
        else:
            candidates = forms
        # A form of which the text has no word is passed over.
        candidates = [c for c in candidates if self.has_words(c, kind, name)] or candidates
        return max(candidates, key=lambda c: (CERTAINTY.get(c.get("cert"), 1.5), -candidates.index(c)), default=None)

    def has_words(self, form, kind, name):
        """Whether something of a form is left in a text: words that are not struck out, or not added later."""
        if kind == "hand" or form not in self.ranges:
            return True
        first, last = self.ranges[form]
        words = [t for t in self.tokens[first:last] if isinstance(t, Character) and not t.is_blank()]
        return not words or any(self.acts_allow(t.context, kind, name) for t in words)

    def readings(self, app):
        for child in app.elements():
            if child.name in ("lem", "rdg"):
                yield child
            elif child.name == "rdgGrp":
                yield from self.readings(child)

    def sigla(self, reading):
        return [self.witnesses.get(w, w) for w in self.witness_list(reading.get("wit"))]

    def readings_within(self, reading):
        """Those of an apparatus within a reading, be it there or outside of the text: who has them has what is around."""
        yield from (r for r in reading.find("lem", "rdg") if r is not reading)
        yield from self.standing_in.get(reading, [])

    def chosen_reading(self, app, kind, name):
        readings = list(self.readings(app))
        if not readings:
            return None
        own = next((r for r in readings if r.name == "lem"), readings[0])
        if kind != "witness":
            return own
        for reading in readings:
            if name in [self.witnesses.get(w, w) for w in self.witness_list(reading.get("wit"))]:
                return reading
        for reading in readings:
            if any(name in self.sigla(r) for r in self.readings_within(reading)):
                return reading
        return own if own.name == "lem" else None

    def read_lacunae(self):
        """For each witness the tokens that it lacks."""
        self.lacking = {}
        for sigil in self.witnesses.values():
            marks = [(i, t) for i, t in enumerate(self.tokens) if isinstance(t, Break)
                     and t.kind in ("witStart", "witEnd", "lacunaStart", "lacunaEnd") and sigil in self.mark_witnesses(t)]
            lacking = bool(marks) and marks[0][1].kind in ("witStart", "lacunaEnd")
            if not marks:
                continue
            state, at = lacking, {}
            changes = {i: t.kind in ("witEnd", "lacunaStart") for i, t in marks}
            missing = set()
            for index, token in enumerate(self.tokens[:self.within_text]):
                state = changes.get(index, state)
                if state:
                    missing.add(id(token))
            self.lacking[sigil] = missing

    def read_signs(self):
        """The places of signs: a text tells of them in words of the program's own, with or without the sign."""
        self.signs = set()
        for token in self.tokens:
            if isinstance(token, Character) and any(n.name == "metamark" for n in token.context.node.ancestors()):
                self.signs.add((os.path.normpath(token.place.file), token.place.line, token.place.column))

    def mark_witnesses(self, token):
        for node in token.node.ancestors():
            if node.get("wit"):
                return [self.witnesses.get(w, w) for w in self.witness_list(node.get("wit"))]
        return []

    def in_lacuna(self, token, sigil):
        if id(token) in self.replaced.get(sigil, ()):
            return True
        return id(token) in self.lacking.get(sigil, ())

    def acts_allow(self, context, kind, name):
        if kind == "hand":
            return context.hand == name
        if kind == "typed":
            if self.main_hand is not None and not context.editors and context.hand != self.main_hand:
                return False
            if self.main_hand is None and self.in_note_of_a_hand(context):
                return False
            return not any(a.kind == "add" for a in context.acts)
        until = self.earlier.get(name, set()) if kind == "stage" else None
        added = any(a.kind == "add" for a in context.acts) or self.in_note_of_a_hand(context)
        if not context.editors and not self.done_by(context.stage, context.hand, until, added):
            return False
        deleted = False
        for act in context.acts:
            if not self.done_by(act.stage, act.hand, until, act.by_another):
                if act.kind == "add":
                    return False
                continue
            if act.kind == "add" and (self.is_undone(act, context, until) or self.is_of_restored(act, context, until)):
                return False
            if act.kind == "del" and not self.is_undone(act, context, until) and not self.is_restored(act, context, until):
                deleted = True
        return not deleted

    @staticmethod
    def in_note_of_a_hand(context):
        return any(n.name == "note" and n.get("hand") for n in context.node.ancestors())

    def is_undone(self, act, context, until):
        state = False
        for kind, node in self.undoing.get(act.node, []):
            if self.in_time(node, until):
                state = kind == "undo"
        for node in context.node.ancestors():
            if node is act.node:
                break
            for kind, doing in self.undoing.get(node, []):
                if node.name not in ("add", "del", "addSpan", "delSpan") and self.in_time(doing, until):
                    state = kind == "undo"
        return state

    def in_time(self, node, until):
        if until is None:
            return True
        hand = self.hand_id(node.get("hand")) or self.main_hand
        stage = self.stage_named(node.get("change"), node.get("seq")) or self.inherited_stage(node.parent, hand)
        return self.done_by(stage, hand, until)

    def is_restored(self, act, context, until):
        """Whether a restore takes a deletion back: one with the deletion in it, or one in it around these words."""
        for other in context.acts:
            if other.kind != "restore" or not self.done_by(other.stage, other.hand, until, other.by_another):
                continue
            if act in self.restored_by(other, context):
                return True
        return False

    def is_of_restored(self, act, context, until):
        """Whether an addition is part of a substitution with a restore around it."""
        substitution, place = act.node.parent, context.acts.index(act)
        if substitution is None or substitution.name != "subst" or place == 0:
            return False
        other = context.acts[place - 1]
        return (other.kind == "restore" and other.node in substitution.ancestors()
                and self.done_by(other.stage, other.hand, until, other.by_another))

    @staticmethod
    def restored_by(restore, context):
        """A restore with deletions in it cancels these; another the nearest deletion around it."""
        inside = [n for n in restore.node.find("del", "delSpan")]
        deletions = [a for a in context.acts if a.kind == "del"]
        if inside:
            within = [a for a in deletions if restore.node in a.node.ancestors()]
            return within[:1]
        around = [a for a in deletions if a.node.name == "delSpan" or a.node in restore.node.ancestors()]
        return around[-1:]

    # -- order and separation

    def sequence(self, policy):
        """The tokens in the order of a text."""
        kind, _, name = policy.partition(":")
        tokens = list(self.tokens)
        if kind not in ("revised", "reading", "stage", "witness"):
            return tokens
        position = {id(t): i for i, t in enumerate(tokens)}
        for transpose in self.root.find("transpose"):
            if transpose.parent.get("undone"):
                continue
            if kind == "stage" and not self.in_time_of_transposition(transpose, name):
                continue
            nodes = [self.by_id.get(p) for child in transpose.elements() for p in pointers(child.get("target"))]
            if any(n is None or n not in self.ranges for n in nodes) or len(nodes) < 2:
                continue
            if any(a is not b and a in b.ancestors() for a in nodes for b in nodes):
                continue
            parts = {n: self.tokens[self.ranges[n][0]:self.ranges[n][1]] for n in nodes}
            tokens = self.move(tokens, parts, nodes)
        return tokens

    def in_time_of_transposition(self, transpose, stage):
        named = self.stage_named(transpose.get("change") or transpose.parent.get("change"), transpose.get("seq"))
        return (named or (self.stages[0] if self.stages else None)) in self.earlier.get(stage, ())

    @staticmethod
    def move(tokens, parts, nodes):
        """Puts the passages, in the new order, into the places where they stood."""
        where = {id(t): i for i, t in enumerate(tokens)}
        slots = []
        for node in nodes:
            indices = [where[id(t)] for t in parts[node]]
            if not indices or sorted(indices) != list(range(min(indices), max(indices) + 1)):
                return tokens
            slots.append((min(indices), max(indices) + 1))
        slots.sort()
        if any(a[1] > b[0] for a, b in zip(slots, slots[1:])):
            return tokens
        result, at = [], 0
        for (begin, end), node in zip(slots, nodes):
            result += tokens[at:begin] + parts[node]
            at = end
        return result + tokens[at:]

    def text(self, policy):
        """The characters of a text but blanks, each with the one before it and whether both are in one word."""
        kind = policy.partition(":")[0]
        after_hyphen = {}
        ends = {}                     # by stream: what stands since its last character
        result = []
        tokens = self.sequence(policy)
        hyphens = self.dropped_hyphens(tokens, policy) | self.hyphens_of_lines(tokens, policy) if kind == "reading" else set()
        for token in tokens:
            stream = token.context.stream
            if not self.present(token, policy) and not (kind == "hand" and isinstance(token, Character)
                                                        and token.is_blank() and self.present_for_others(token)):
                if stream in ends and isinstance(token, Character) and not token.is_blank():
                    ends[stream][1].append(None)
                continue
            if isinstance(token, Character) and not token.is_blank():
                if id(token) in hyphens:
                    after_hyphen[stream] = True
                    continue
                last, between = ends.get(stream, (None, []))
                token_joined = None if last is None else self.joined(last, token, between, kind)
                if kind == "reading" and self.hard_hyphens and last is not None and last.value in HYPHENS \
                        and any(isinstance(t, Break) and t.kind == "lb" for t in between):
                    token_joined = None
                if after_hyphen.pop(stream, False):
                    token_joined = True
                result.append((token, last, token_joined))
                ends[stream] = (token, [])
            else:
                if stream in ends:
                    ends[stream][1].append(token)
                if isinstance(token, Break) and token.kind == "block":
                    for other, (_, between) in ends.items():
                        if other is not stream and stream is None:
                            between.append(token)
        return result

    def present_for_others(self, token):
        """In what a hand wrote, blanks of others keep words apart as well."""
        return self.editors_words_allowed(list(token.context.node.ancestors()), "hand")

    @staticmethod
    def joined(before, after, between, kind):
        """Whether two characters that follow each other in a text are in one word. None: the rules do not say."""
        breaks = [t for t in between if isinstance(t, Break)]
        blank = any(isinstance(t, Character) for t in between)
        if blank and between[-1] is None and after.value in ".,;:!?)]’”":
            blank = False             # a blank before what is left out goes with it, if punctuation follows
        if any(t.kind == "block" for t in breaks) and after.value in ",.;:!?)":
            return None               # it may go to the end of the block's line
        if blank and after.value in ",.;:!?)" and after.context.node.find("ptr", "ref"):
            return None               # an empty pointer leaves no space before it, where the program writes nothing for it
        if any(t.kind in ("block", "part", "space", "caesura") for t in breaks):
            return False
        if kind == "diplomatic":
            if any(t.kind in ("lb", "pb") for t in breaks):
                return False
            return not blank
        if Document.starts_part(before, after):
            return True
        unbroken = [t for t in breaks if Document.break_of(t.node) == "no"]
        lines = [t for t in breaks if t.kind == "lb"]
        if unbroken and Document.has_blank_beyond(between, unbroken):
            return False
        if lines and all(t in unbroken for t in lines):
            return True
        if unbroken and not lines:
            return True
        if lines and before.value in HYPHENS and after.value.islower():
            # A divided word keeps its hyphen, unless the break or the header says that it is no word.
            return None
        if lines:
            return None if unbroken else False
        if breaks and not blank:
            return True if before.value.isalpha() and after.value.isalpha() else None
        return not blank

    @staticmethod
    def break_of(node):
        """Whether a break is within a word or between two, if it says so: by itself, or by the name of a hyphen."""
        look = (node.get("rend") or "") + (node.get("rendition") or "")
        return node.get("break") or ("no" if "hyphen" in look else None)

    def dropped_hyphens(self, tokens, policy):
        """In the reading text, the hyphens that only divide a word at the end of a line."""
        found, last, before, blanks, waiting = set(), None, True, True, None
        for token in tokens:
            if not self.present(token, policy):
                continue
            if isinstance(token, Character):
                if token.is_blank():
                    blanks = True
                    continue
                if waiting is not None:
                    found.add(id(waiting))
                last, before, blanks, waiting = token, blanks, False, None
            elif token.kind == "lb" and last is not None and not before and last.value in HYPHENS:
                divides = Document.break_of(token.node) == "no" or self.kept_hyphens or Document.part(last) in ("I", "M")
                if not self.hard_hyphens and divides and Document.break_of(token.node) != "yes":
                    waiting = last
            elif token.kind == "block":
                last, blanks, waiting = None, True, None
        return found

    @staticmethod
    def has_blank_beyond(between, breaks):
        """Whether a blank is on the other side of words that are not in the text, seen from a break within a word."""
        first, last = between.index(breaks[0]), between.index(breaks[-1])
        before = [i for i, t in enumerate(between) if t is None and i < first]
        after = [i for i, t in enumerate(between) if t is None and i > last]
        ends = between[:before[-1]] if before else []
        begins = between[after[0]:] if after else []
        return any(isinstance(t, Character) for t in ends + begins)

    @staticmethod
    def word_of(character):
        return next((n for n in character.context.node.ancestors() if n.name == "w"), None)

    @staticmethod
    def part(character):
        word = Document.word_of(character)
        return word.get("part") if word is not None else None

    @staticmethod
    def starts_part(before, after):
        """Whether a character begins a part of a word that goes on with the part before."""
        return Document.part(after) in ("M", "F") and Document.word_of(before) is not Document.word_of(after)

    def hyphens_of_lines(self, tokens, policy):
        """In the reading text, the hyphens at the ends of a sourceDoc's lines: the word goes on in the next line."""
        found = set()
        if self.hard_hyphens:
            return found
        for index, token in enumerate(tokens):
            if not (isinstance(token, Character) and token.value in HYPHENS and self.present(token, policy)):
                continue
            if index == 0 or not isinstance(tokens[index - 1], Character) or not tokens[index - 1].value.isalpha():
                continue
            rest = self.start_of_next_line(tokens, index + 1, policy)
            hyphen = rest[:1] if len(rest) > 1 and rest[0].value in HYPHENS else []
            if rest and (rest[len(hyphen)].value.islower() or unicodedata.category(rest[len(hyphen)].value) == "Lo"):
                found.update(map(id, [token] + hyphen))
        return found

    def start_of_next_line(self, tokens, index, policy):
        """The first word of the line after the one that ends here, as a text has it."""
        lines, word, stream = [], [], tokens[index - 1].context.stream
        for token in tokens[index:]:
            if token.context.stream is not stream or self.is_of_sheet(token.context.node):
                continue
            if isinstance(token, Break):
                if token.kind == "block":
                    if token.node.name in ("zone", "surface", "surfaceGrp") and lines and not word:
                        continue
                    if word or token.node.name != "line":
                        break
                    lines.append(token.node)
                elif token.kind not in ("pb", "cb", "gb", "milestone"):
                    break
            elif self.present(token, policy):
                if token.is_blank():
                    if word:
                        break
                elif len(lines) != 2 or lines[0] is lines[1] or len({self.kind_of_zone(line) for line in lines}) > 1:
                    return []
                else:
                    word.append(token)
            elif not word and not token.is_blank() and len(lines) < 2:
                return []
        return word


    @staticmethod
    def kind_of_zone(node):
        return next((n.get("type") for n in node.ancestors() if n.name == "zone"), None)

    @staticmethod
    def is_of_sheet(node):
        return any(n.name in ("zone", "note") and SHEET & set(n.get("type", "").split()) for n in node.ancestors())


def main(arguments):
    path, policy = arguments
    for document in documents(path):
        words = []
        for character, _, joined in document.text(policy):
            if joined is False:
                words.append(" ")
            words.append(character.value)
        print("".join(words))


if __name__ == "__main__":
    main(sys.argv[1:])
