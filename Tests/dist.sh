#!/usr/bin/env bash
# What `make dist` and `make install` make is complete, small, and needs nothing of Swift.
set -euo pipefail
cd "$(dirname "$0")/.."
fail() { echo "dist: $*" >&2; exit 1; }
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

make -s --no-print-directory dist install DESTDIR="$folder/root" PREFIX=/usr >/dev/null
tar=$(ls .build/dist/marginalia-*.tar.xz)
tar -xJf "$tar" -C "$folder"
installed=$folder/$(basename "$tar" .tar.xz)
diff -r "$installed" "$folder/root/usr"

# The libraries of a Debian without anything else, and the two that README names.
libraries='^(linux-vdso|ld-linux-[a-z0-9-]+|libc|libm|libgcc_s|libstdc\+\+|libz|liblzma|libicu(data|uc)|libxml2|libsqlite3)\.so'
more=$(ldd "$installed/bin/marginalia" | sed 's/^[[:space:]]*//; s#^/[^ ]*/##' | grep -Ev "$libraries" || true)
[ -z "$more" ] || fail "needs more than libxml2 and SQLite: $more"

megabytes() { echo $(($(stat -c %s "$1") / 1000000)); }
[ "$(megabytes "$tar")" -lt 8 ] || fail "the tar has $(megabytes "$tar") MB"
[ "$(megabytes "$installed/bin/marginalia")" -lt 30 ] || fail "the program has $(megabytes "$installed/bin/marginalia") MB"

# A new user's way, with nothing of this folder or of Swift in sight.
cd "$folder"
user() { env -i HOME="$folder" PATH="$installed/bin:/usr/bin:/bin" "$@"; }
user marginalia new memo -o memo.xml
user marginalia validate memo.xml 2>"$folder/found"
user marginalia export --to html --to text -o out memo.xml
[ -s out/memo.html ] && [ -s out/memo.txt ] || fail "the first memo was not exported"

# Completions that their shells can read, and a man page that names every command.
check() { ! command -v "$1" >/dev/null || "$@" || fail "$*"; }
share=$installed/share
check bash -n "$share/bash-completion/completions/marginalia"
check zsh -n "$share/zsh/site-functions/_marginalia"
check fish -n "$share/fish/vendor_completions.d/marginalia.fish"
for command in validate export compare search new "schema convert"; do
    grep -q "^\.SS marginalia $command$" "$share/man/man1/marginalia.1" || fail "the man page lacks ‘$command’"
done
if command -v man >/dev/null; then
    warnings=$(man --warnings -E UTF-8 -l "$share/man/man1/marginalia.1" 2>&1 >/dev/null)
    [ -z "$warnings" ] || fail "man: $warnings"
fi

make -s --no-print-directory -C "$OLDPWD" uninstall DESTDIR="$folder/root" PREFIX=/usr
[ -z "$(find "$folder/root" -type f)" ] || fail "uninstall leaves $(find "$folder/root" -type f)"
