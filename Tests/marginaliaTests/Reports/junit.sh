$M validate --format junit letter.xml valid.xml nosuch-include.xml
