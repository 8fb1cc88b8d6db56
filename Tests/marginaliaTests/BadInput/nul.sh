$M validate nul.xml; echo $?; $M export --to text nul.xml
