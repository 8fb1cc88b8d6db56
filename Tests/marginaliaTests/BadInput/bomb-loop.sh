$M validate bomb-loop.xml; echo $?; $M export --to text bomb-loop.xml
