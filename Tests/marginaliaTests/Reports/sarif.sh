$M validate --format sarif letter.xml valid.xml nosuch-include.xml
