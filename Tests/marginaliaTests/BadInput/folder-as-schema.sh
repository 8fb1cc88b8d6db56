$M validate --schema . unclosed.xml
