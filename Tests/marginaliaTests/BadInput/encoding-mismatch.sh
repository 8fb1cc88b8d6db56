$M validate encoding-mismatch.xml
