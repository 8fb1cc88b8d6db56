$M validate include-broken.xml; echo $?; $M export --to text include-broken.xml
