$M validate letter.xml valid.xml nosuch-include.xml; $M validate - < letter.xml
