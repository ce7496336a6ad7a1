#!/bin/sh
# Makes a Debian package of an installed tree, the same bytes for the same tree
# and SOURCE_DATE_EPOCH. Usage: deb.sh TREE VERSION FILE.deb
set -eu
tree=$1
version=$2
file=$3
work=$(mktemp -d "${TMPDIR:-/tmp}/kvgov-deb.XXXXXX")
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM
doc=$tree/usr/share/doc/kvgov
maintainer="kvgov maintainers <maintainers@kvgov.contoso.com>"

# What the programs need, as the machine's libraries say it.
depends()
{
	mkdir "$work/debian"
	printf 'Source: kvgov\n\nPackage: kvgov\nArchitecture: any\n' \
		>"$work/debian/control"
	(cd "$work" && dpkg-shlibdeps -O "$tree/usr/bin/kvgov" \
		"$tree/usr/bin/kvgov-cloud" 2>/dev/null) |
		sed -n 's/^shlibs:Depends=//p'
}

put_documents()
{
	install -d -m 0755 "$doc"
	cat >"$doc/copyright" <<END
Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/
Upstream-Name: kvgov

Files: *
Copyright: $(date -u -d "@$SOURCE_DATE_EPOCH" +%Y) the authors of kvgov
License: unstated
 The sources of kvgov name no licence.
END
	{
		echo "kvgov ($version) unstable; urgency=medium"
		echo
		echo "  * Built from the sources of this version."
		echo
		echo " -- $maintainer  $(date -u -R -d "@$SOURCE_DATE_EPOCH")"
	} >"$work/changelog"
	gzip -9n <"$work/changelog" >"$doc/changelog.gz"
	chmod 0644 "$doc/copyright" "$doc/changelog.gz"
}

put_control()
{
	install -d -m 0755 "$tree/DEBIAN"
	cat >"$tree/DEBIAN/control" <<END
Package: kvgov
Version: $version
Architecture: $(dpkg --print-architecture)
Maintainer: $maintainer
Installed-Size: $(du -k -s --apparent-size "$tree/usr" | cut -f1)
Depends: $(depends), ca-certificates
Section: admin
Priority: optional
Description: console for Azure Key Vaults and Managed HSMs
 For those who answer for many Azure Key Vaults and Managed HSMs: kvgov shows
 each of them in the terminal, how far it is from Microsoft's recommendations
 and why, and puts it right, with a preview, a confirmation that fits the
 danger, a check that it worked, a journal and an undo.
 .
 The package also holds kvgov-cloud, a simulated Azure to try it on.
END
	chmod 0644 "$tree/DEBIAN/control"
	(cd "$tree" && find usr -type f | LC_ALL=C sort | xargs md5sum) \
		>"$tree/DEBIAN/md5sums"
	chmod 0644 "$tree/DEBIAN/md5sums"
}

strip --strip-unneeded --remove-section=.comment --remove-section=.note \
	"$tree/usr/bin/kvgov" "$tree/usr/bin/kvgov-cloud"
find "$tree/usr/share/man" -type f ! -name '*.gz' -exec gzip -9n {} +
put_documents
put_control
find "$tree" -exec touch -h -d "@$SOURCE_DATE_EPOCH" {} +
dpkg-deb --root-owner-group -Zxz --build "$tree" "$file" >/dev/null
