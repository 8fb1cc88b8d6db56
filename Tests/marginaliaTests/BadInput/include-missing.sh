$M validate include-missing.xml; echo $?; $M export --to text include-missing.xml
