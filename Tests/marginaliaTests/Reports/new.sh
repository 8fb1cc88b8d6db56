# What goes around documents.
$M new person
$M new register | grep -c placeholder
$M new edition | grep include
$M new letters; echo "exit code $?"
