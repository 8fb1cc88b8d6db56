$M validate latin1-undeclared.xml
