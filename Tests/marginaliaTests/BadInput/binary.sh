$M validate binary.xml; echo $?; $M export --to text binary.xml
