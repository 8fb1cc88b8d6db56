$M export --to docx ../../../TEI/13-draft-charter.xml
