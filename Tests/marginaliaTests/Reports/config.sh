# A project: what holds, from its folder and from one within it; files, parts, texts and rules as its settings say.
export MARGINALIA_CACHE=$(mktemp -d)
project=$(mktemp -d)
trap 'rm -r "$project" "$MARGINALIA_CACHE"' EXIT
cd "$project"
mkdir drafts letters letters/old
$M new memo >drafts/a.xml
$M new letter | sed 's/hand="#[a-z]*"/hand="#x"/' >letters/b.xml
cp letters/b.xml letters/old/c.xml
cat >marginalia.toml <<'END'
files = ["drafts", "letters"]
exclude = ["letters/old"]
policies = ["typed", "revised"]

[rules]
severity = { placeholder = "warning" }

[[parts]]
files = ["draf*"]
ignore = ["placeholder"]
END
$M config
echo '-- from within'
(cd letters && $M config --root old b.xml && $M config --no-config b.xml)
echo '-- validate'
$M validate --summary 2>&1 | grep -vE '^ *[0-9]+ \| |^ +\||  help|  note|slowest|most found'
echo '-- a part'
$M validate drafts 2>&1
echo '-- said on the command line'
(cd letters && $M validate --only placeholder --severity placeholder=note --format csv - --stdin-path b.xml <b.xml | head -n 3)
$M validate letters/old 2>&1 | tail -n 1
$M validate --no-config drafts 2>&1 | tail -n 1
echo '-- export'
$M export --to text -o out && find out -type f | sort
