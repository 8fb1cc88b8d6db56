$M validate include-outside.xml; echo $?; $M export --to text include-outside.xml
