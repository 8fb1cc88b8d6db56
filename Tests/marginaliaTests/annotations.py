"""Says whether annotations are of the Web Annotation vocabulary (W3C, 2017), once a JSON-LD processor has expanded them.

    annotations.py FILE.jsonld...
"""
import json
import re
import sys

from pyld import jsonld

OA, AS, TEI = "http://www.w3.org/ns/oa#", "http://www.w3.org/ns/activitystreams#", "http://www.tei-c.org/ns/1.0/"
DCTERMS, RDF = "http://purl.org/dc/terms/", "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
XSD = "http://www.w3.org/2001/XMLSchema#nonNegativeInteger"
MOTIVATIONS = """assessing bookmarking classifying commenting describing editing highlighting identifying linking moderating questioning
    replying tagging""".split()
CLASSES = "Annotation TextualBody FragmentSelector TextPositionSelector TextQuoteSelector XPathSelector".split()

# Of the context of the Data Model (its appendix A), the terms of which we make use.
CONTEXT = {
    "id": "@id", "type": "@type",
    **{name: OA + name for name in CLASSES + MOTIVATIONS},
    "AnnotationCollection": AS + "OrderedCollection", "AnnotationPage": AS + "OrderedCollectionPage",
    "body": {"@id": OA + "hasBody", "@type": "@id"}, "target": {"@id": OA + "hasTarget", "@type": "@id"},
    "source": {"@id": OA + "hasSource", "@type": "@id"}, "selector": {"@id": OA + "hasSelector", "@type": "@id"},
    "motivation": {"@id": OA + "motivatedBy", "@type": "@vocab"}, "purpose": {"@id": OA + "hasPurpose", "@type": "@vocab"},
    "start": {"@id": OA + "start", "@type": XSD}, "end": {"@id": OA + "end", "@type": XSD},
    "exact": OA + "exact", "prefix": OA + "prefix", "suffix": OA + "suffix",
    "value": RDF + "value", "language": "http://purl.org/dc/elements/1.1/language", "name": "http://xmlns.com/foaf/0.1/name",
    "label": "http://www.w3.org/2000/01/rdf-schema#label", "creator": {"@id": DCTERMS + "creator", "@type": "@id"},
    "conformsTo": {"@id": DCTERMS + "conformsTo", "@type": "@id"},
    "first": {"@id": AS + "first", "@type": "@id"}, "partOf": {"@id": AS + "partOf", "@type": "@id"},
    "items": {"@id": AS + "items", "@type": "@id", "@container": "@list"},
    "total": {"@id": AS + "totalItems", "@type": XSD}, "startIndex": {"@id": AS + "startIndex", "@type": XSD},
}


def load(url, options=None):
    if url != "http://www.w3.org/ns/anno.jsonld":
        raise ValueError(url)
    return {"contextUrl": None, "documentUrl": url, "contentType": "application/ld+json", "document": {"@context": CONTEXT}}


def keys(value):
    """How many members objects have, all in all, but for the context."""
    if isinstance(value, list):
        return sum(map(keys, value))
    if not isinstance(value, dict):
        return 0
    return sum(1 + keys(member) for name, member in value.items() if name != "@context")


def members(value):
    """The same of an expanded document, in which values and lists are objects too."""
    if isinstance(value, list):
        return sum(map(members, value))
    if not isinstance(value, dict) or "@value" in value:
        return 0
    if "@list" in value:
        return members(value["@list"])
    # A reference to something is an object with nothing but its address.
    return sum(1 + members(member) for name, member in value.items()) if set(value) != {"@id"} else 0


def mistakes(document):
    expanded = jsonld.expand(document, {"documentLoader": load, "base": "https://example.org/edition/reading.jsonld"})
    if members(expanded) != keys(document):
        yield "a term is not in the context, and was lost"
    page = expanded[0][AS + "first"][0]
    items = page[AS + "items"][0]["@list"]
    if expanded[0][AS + "totalItems"][0]["@value"] != len(items):
        yield "the total is wrong"
    if len({item["@id"] for item in items}) != len(items):
        yield "two annotations have one id"
    for item in items:
        yield from (f"{item['@id']}: {mistake}" for mistake in annotation_mistakes(item))


def annotation_mistakes(item):
    if item["@type"] != [OA + "Annotation"]:
        yield "the type is wrong"
    if any(OA + "hasTarget" not in item or not target.get(OA + "hasSource") for target in item.get(OA + "hasTarget", [{}])):
        yield "there is no target, or one without a source"
    for motivation in item[OA + "motivatedBy"] + [purpose for body in item.get(OA + "hasBody", []) for purpose in body.get(OA + "hasPurpose", [])]:
        if motivation["@id"].removeprefix(OA) not in MOTIVATIONS:
            yield f"{motivation['@id']} is no motivation"
    for body in item.get(OA + "hasBody", []):
        if body.get("@type") == [OA + "TextualBody"] and len(body.get(RDF + "value", [])) != 1:
            yield "a textual body has not one value"
    for target in item.get(OA + "hasTarget", []):
        for selector in target[OA + "hasSelector"]:
            if selector["@type"][0].removeprefix(OA) not in CLASSES:
                yield f"{selector['@type']} is no selector"
    for address in re.findall(r'"@id": "([^"]*)"', json.dumps(item)):
        if not re.fullmatch(r"[a-z][a-z0-9+.-]*:[^\s<>\"{}|\\^`]+", address, re.I):
            yield f"{address} is no IRI"


def main():
    count = 0
    for file in sys.argv[1:]:
        for mistake in mistakes(json.load(open(file, encoding="utf-8"))):
            print(file, mistake)
            count += 1
    print(f"{len(sys.argv) - 1} files, {count} mistakes")


main()
