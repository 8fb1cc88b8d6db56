$M validate external-entity.xml; echo $?; $M export --to text external-entity.xml
