$M validate bomb-quadratic.xml; echo $?; $M export --to text bomb-quadratic.xml
