"""Runs the Schematron rules of a schema on documents, by Saxon: the peer of tests and benches.

    saxon.py rules SCHEMA FILE...    a line for each finding: file, path, message
    saxon.py query XPATH FILE...     a line for each file: how many items
"""
import os
import sys

import saxonche


def rules(processor, schema, files):
    compiler = processor.new_xslt30_processor()
    folder = os.path.dirname(os.path.abspath(__file__))
    made = compiler.compile_stylesheet(stylesheet_file=os.path.join(folder, "rules.xsl"))
    text = made.transform_to_string(source_file=os.path.abspath(schema))
    executable = compiler.compile_stylesheet(stylesheet_text=text)
    for file in files:
        found = executable.transform_to_string(source_file=os.path.abspath(file)) or ""
        for line in found.splitlines():
            print(file, line, sep="\t")


def query(processor, expression, files):
    for file in files:
        xpath = processor.new_xpath_processor()
        xpath.declare_namespace("", "http://www.tei-c.org/ns/1.0")
        xpath.declare_namespace("tei", "http://www.tei-c.org/ns/1.0")
        xpath.set_context(xdm_item=processor.parse_xml(xml_file_name=os.path.abspath(file)))
        found = xpath.evaluate(expression)
        print(file, 0 if found is None else found.size, sep="\t")


with saxonche.PySaxonProcessor(license=False) as processor:
    {"rules": rules, "query": query}[sys.argv[1]](processor, sys.argv[2], sys.argv[3:])
