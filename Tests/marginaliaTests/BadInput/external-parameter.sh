$M validate external-parameter.xml; echo $?; $M export --to text external-parameter.xml
