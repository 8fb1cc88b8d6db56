#!/usr/bin/env bash
# Makes what others can install without Swift, in a folder: a tar and, where dpkg is at hand, a Debian package.
#
#   Packaging/dist.sh PROGRAM FOLDER
set -euo pipefail
program=$1
mkdir -p "$2"
out=$(realpath "$2")
cd "$(dirname "$0")/.."

version=$("$program" --version)
version=${version##* }
name=marginalia-$version-$(uname -s | tr '[:upper:]' '[:lower:]')-$(uname -m)
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
# All that the results depend on is their content, and not who made them and when.
packed() { tar --sort=name --mtime="@$(git log -1 --format=%ct 2>/dev/null || echo 0)" --owner=0 --group=0 --numeric-owner "$@"; }

Packaging/stage.sh "$program" "$folder/$name"
packed -C "$folder" -c "$name" | xz -T0 >"$out/$name.tar.xz"
echo "$out/$name.tar.xz"

command -v dpkg-deb >/dev/null && command -v dpkg-shlibdeps >/dev/null || exit 0
mkdir -p "$folder/deb/DEBIAN" "$folder/debian"
mv "$folder/$name" "$folder/deb/usr"
gzip -9n "$folder/deb/usr/share/man/man1/marginalia.1"
mkdir -p "$folder/deb/usr/share/zsh/vendor-completions"
mv "$folder/deb/usr/share/zsh/site-functions/_marginalia" "$folder/deb/usr/share/zsh/vendor-completions"
rmdir "$folder/deb/usr/share/zsh/site-functions"
cp "$folder/deb/usr/share/doc/marginalia/LICENSE" "$folder/deb/usr/share/doc/marginalia/copyright"
# dpkg-shlibdeps asks for a source package's control file.
printf 'Source: marginalia\n' >"$folder/debian/control"
depends=$(cd "$folder" && dpkg-shlibdeps -O deb/usr/bin/marginalia | sed 's/^shlibs:Depends=//')
cat >"$folder/deb/DEBIAN/control" <<END
Package: marginalia
Version: $version
Architecture: $(dpkg --print-architecture)
Maintainer: Marginalia <marginalia@localhost>
Section: text
Priority: optional
Depends: $depends
Recommends: libcivetweb1
Suggests: curl
Installed-Size: $(du -sk "$folder/deb/usr" | cut -f1)
Description: validates and exports TEI transcriptions of archival documents
 Says what is wrong with a transcription, and turns it into text, data and
 pages in which every hand, stamp, stage, variant and omission is still there.
END
package=$out/marginalia_${version}_$(dpkg --print-architecture).deb
dpkg-deb --root-owner-group -Zxz -z2 --build "$folder/deb" "$package" >/dev/null
echo "$package"
