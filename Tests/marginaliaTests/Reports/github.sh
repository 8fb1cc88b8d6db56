$M validate --format github letter.xml valid.xml nosuch-include.xml
