#!/bin/sh
# Whether the Debian package is as it should be: lintian has nothing to say, two
# builds in two folders give the same bytes, and in a fresh system it installs
# with what it depends on and runs. Usage: check.sh SOURCE-FOLDER; as root.
set -eu
source=$1
work=$(mktemp -d "${TMPDIR:-/tmp}/kvgov-check.XXXXXX")
trap 'umount "$work/root/proc" 2>/dev/null || true; rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM
suite=${SUITE:-$(. /etc/os-release && echo "$VERSION_CODENAME")}

say()
{
	echo "check-deb: $*" >&2
}

# build FROM FOLDER: what is committed there, built here.
build()
{
	say "building in $2"
	mkdir -p "${2%/*}"
	git clone -q "$1" "$2"
	make -s -C "$2" deb >"$2.log" 2>&1 || {
		tail "$2.log" >&2
		exit 1
	}
}

# The mirror that this machine takes its own packages from.
mirror()
{
	apt-get indextargets --format '$(SITE)' | grep -v security | head -n 1
}

make_root()
{
	say "making a fresh $suite"
	debootstrap --variant=minbase "$suite" "$work/root" "$(mirror)" \
		>"$work/debootstrap.log" || {
		tail "$work/debootstrap.log" >&2
		exit 1
	}
	cp /etc/resolv.conf "$work/root/etc/resolv.conf"
	mount -t proc proc "$work/root/proc"
}

inside()
{
	env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LC_ALL=C.UTF-8 \
		DEBIAN_FRONTEND=noninteractive chroot "$work/root" "$@"
}

build "$source" "$work/one"
build "$work/one" "$work/a/folder/of/another/name"
deb=$(echo "$work"/one/build/kvgov_*.deb)
cmp "$deb" "$work/a/folder/of/another/name/build/${deb##*/}"
say "both have the same bytes: $(sha256sum <"$deb" | cut -c 1-16)..."

lintian --fail-on error,warning --pedantic "$deb"
say "lintian has nothing to say"

make_root
cp "$deb" "$work/root/tmp/kvgov.deb"
inside apt-get -qq update
inside apt-get -qq install -y --no-install-recommends /tmp/kvgov.deb \
	>"$work/install.log" 2>&1 || {
	tail "$work/install.log" >&2
	exit 1
}
inside kvgov --version
inside kvgov --demo scan >"$work/scan.txt" || code=$?
grep -q "44 vaults, 3 managed HSMs" "$work/scan.txt"
say "kvgov --demo scan ran in it, code ${code:-0}, $(wc -l <"$work/scan.txt") lines"
inside dpkg -r kvgov >/dev/null
left=$(inside find /usr -path '*kvgov*')
[ -z "$left" ] || { say "removing it leaves $left"; exit 1; }
say "installed, run and removed"
