$M validate nosuch.xml; echo $?; $M export --to text nosuch.xml; echo $?; $M show nosuch.xml
