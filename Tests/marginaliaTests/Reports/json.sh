$M validate --format json letter.xml valid.xml nosuch-include.xml
