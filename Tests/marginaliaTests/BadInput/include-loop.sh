$M validate include-loop.xml; echo $?; $M export --to text include-loop.xml
