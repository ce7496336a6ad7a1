#!/bin/sh
# Installs the libraries that tests/interop/ names, in build/interop/ and only
# when their lock file has changed, and runs the tests there against the
# simulated cloud. Usage: run.sh BUILD-FOLDER SOURCE-FOLDER, both absolute
set -eu
build=$1
source=$2
folder=$source/build/interop
node=node
node_least=20 # what Microsoft's libraries need

say()
{
	echo "check-interop: $*" >&2
}

give_up()
{
	say "$*; is a package registry reachable?"
	exit 1
}

# fresh LOCK STAMP: whether what is installed is what the lock file asks for.
fresh()
{
	cmp -s "$1" "$2"
}

# install_node FOLDER
install_node()
{
	fresh "$1/package-lock.json" "$1/node_modules/.installed" && return 0
	say "installing from $1/package-lock.json with npm"
	npm ci --prefix "$1" --ignore-scripts --no-audit --no-fund \
		--loglevel=error >&2 || give_up "npm could not install from $1"
	cp "$1/package-lock.json" "$1/node_modules/.installed"
}

# install_python FOLDER LOCK
install_python()
{
	fresh "$2" "$1/installed" && return 0
	say "installing from $2 with pip"
	rm -rf "$1"
	python3 -m venv "$1" && "$1/bin/pip" install --quiet \
		--disable-pip-version-check --require-hashes --only-binary :all: \
		--requirement "$2" >&2 || give_up "pip could not install from $2"
	cp "$2" "$1/installed"
}

# Debian 12's Node.js is too old; npm has newer ones for Linux.
choose_node()
{
	version=$(node --version)
	major=${version#v}
	[ "${major%%.*}" -lt "$node_least" ] || return 0
	say "Node.js $version is too old, using $node_least"
	install_node node
	for node in "$folder"/node/node_modules/node-*/bin/node; do
		[ ! -x "$node" ] || return 0
	done
	say "there is no Node.js $node_least for this machine; install it"
	exit 1
}

# What shells are at home read the completion that is made for them.
check_shells()
{
	for shell in zsh fish; do
		command -v "$shell" >/dev/null || continue
		"$build/kvgov" completion "$shell" >"$folder/kvgov.$shell"
		"$shell" -n "$folder/kvgov.$shell" || exit 1
		say "$shell reads its completion"
	done
}

mkdir -p "$folder"
check_shells
rm -f "$folder"/*.mjs "$folder"/*.py "$folder"/*.[ch]
cp -R "$source"/tests/interop/. "$folder"
cd "$folder"
choose_node
install_node .
install_python python requirements.txt
install_python az requirements-az.txt
export KVGOV="$build/kvgov" KVGOV_SOURCE="$source"
SSHD=$(PATH=$PATH:/usr/sbin command -v sshd)
export SSHD
exec "$node" run.mjs "$build/kvgov-cloud" \
	"$source/tests/cloud/estates/contoso.json" "$folder/files" \
	"$folder"/test_*.mjs "$folder"/test_*.py "$build/tests/interop/test_ssh"
