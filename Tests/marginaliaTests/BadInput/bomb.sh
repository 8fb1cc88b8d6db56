$M validate bomb.xml; echo $?; $M export --to text bomb.xml
