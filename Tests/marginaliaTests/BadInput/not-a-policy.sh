$M export --to text --policy nonsense ../../../TEI/13-draft-charter.xml; echo $?; $M export --to text --policy hand:nobody ../../../TEI/13-draft-charter.xml
