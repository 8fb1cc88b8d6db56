"""What Saxon does with documents: the peer of tests and benches.

    saxon.py rules SCHEMA FILE...    a line for each finding: file, path, message
    saxon.py query XPATH FILE...     a line for each file: how many items
    saxon.py transform XSLT FOLDER FILE...    each file, as a stylesheet makes it, into a folder
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


def transform(processor, stylesheet, arguments):
    folder, *files = arguments
    os.makedirs(folder, exist_ok=True)
    executable = processor.new_xslt30_processor().compile_stylesheet(stylesheet_file=os.path.abspath(stylesheet))
    for file in files:
        result = executable.transform_to_string(source_file=os.path.abspath(file)) or ""
        with open(os.path.join(folder, os.path.basename(file) + ".html"), "w", encoding="utf-8") as output:
            output.write(result)


with saxonche.PySaxonProcessor(license=False) as processor:
    {"rules": rules, "query": query, "transform": transform}[sys.argv[1]](processor, sys.argv[2], sys.argv[3:])
