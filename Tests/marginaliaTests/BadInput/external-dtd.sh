$M validate external-dtd.xml; echo $?; $M export --to text external-dtd.xml
