$M validate --root . include-outside.xml; echo $?; $M export --root . --to text include-outside.xml
