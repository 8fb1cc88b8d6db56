# Settings that are wrong: each mistake with its place, and nothing is done.
folder=$(mktemp -d)
trap 'rm -r "$folder"' EXIT
cd "$folder"
mkdir a b
$M new memo >a/memo.xml
while IFS= read -r settings; do
  printf "$settings" >a/marginalia.toml
  echo "-- $settings"
  $M validate a/memo.xml 2>&1
  echo "exit $?"
done <<'END'
files = 3
fils = ["a"]
a = = 3
root = ".."
root = ["a", "b"]
policies = ["typd"]
[rules]\nseverity = { a = "bad" }\nignore = [1]\nsame = 1
[[parts]]\nignore = ["a"]
[[parts]]\nfiles = "a"\nonly = "b"
parts = "a"
rules = 1
files = ["é", 3]
files = "a"\nfiles = "b"
\xff
[rules]\nignore = ["pointr-file"]
END
echo '-- a folder, and nothing'
rm a/marginalia.toml
mkdir a/marginalia.toml
$M validate a/memo.xml 2>&1
rmdir a/marginalia.toml
$M validate --config nosuch.toml a/memo.xml 2>&1
echo '-- two projects'
touch a/marginalia.toml b/marginalia.toml
cp a/memo.xml b
$M validate a/memo.xml b/memo.xml 2>&1 | sed "s|$(realpath "$folder")|FOLDER|g"
