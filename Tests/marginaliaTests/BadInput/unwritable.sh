$M export --to text -o /proc/nosuch ../../../TEI/13-draft-charter.xml; echo $?; $M new memo -o /proc/nosuch/memo.xml
