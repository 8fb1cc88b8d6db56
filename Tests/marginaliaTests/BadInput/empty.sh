$M validate empty.xml; $M export --to text empty.xml
