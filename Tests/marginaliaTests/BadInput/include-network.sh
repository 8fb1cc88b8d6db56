$M validate include-network.xml; echo $?; $M export --to text include-network.xml
