d=$(mktemp -d); { $M validate "$d"; echo $?; $M show "$d"; } 2>&1 | sed "s|$d|EMPTY|"; rmdir "$d"
