$M validate --root nosuch empty.xml; echo $?; $M validate --root ../../../Schemas unclosed.xml 2>&1; echo $?; $M validate --schema ../../../Schemas/marginalia.rnc empty.xml
