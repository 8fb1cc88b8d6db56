$M validate truncated.xml
