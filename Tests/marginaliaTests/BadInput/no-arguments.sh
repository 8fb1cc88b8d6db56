$M validate; echo $?; $M export; echo $?; $M nonsense
