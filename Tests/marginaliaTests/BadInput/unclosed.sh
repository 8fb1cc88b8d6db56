$M validate unclosed.xml; echo $?; $M export --to text unclosed.xml
