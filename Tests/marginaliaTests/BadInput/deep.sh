$M validate deep.xml; echo $?; $M export --to text deep.xml
