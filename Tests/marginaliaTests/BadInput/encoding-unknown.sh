$M validate encoding-unknown.xml
