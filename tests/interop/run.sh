#!/bin/sh
# Installs the libraries that tests/interop/ names, in build/interop/ and only
# when their lock file has changed, and runs the tests there against the
# simulated cloud. Usage: run.sh BUILD-FOLDER SOURCE-FOLDER, both absolute
set -eu
build=$1
source=$2
folder=$source/build/interop
node_least=20

say()
{
	echo "check-interop: $*" >&2
}

# fresh LOCK STAMP: whether what is installed is what the lock file asks for.
fresh()
{
	cmp -s "$1" "$2"
}

need_node()
{
	have=$(node --version)
	major=${have#v}
	major=${major%%.*}
	if [ "$major" -lt "$node_least" ]; then
		say "Microsoft's libraries need Node.js $node_least or newer; this is $have."
		exit 1
	fi
}

install_node()
{
	fresh package-lock.json node_modules/.installed && return 0
	say "installing from package-lock.json with npm"
	npm ci --ignore-scripts --no-audit --no-fund --loglevel=error >&2 || {
		say "npm could not install the libraries; is a registry reachable?"
		exit 1
	}
	cp package-lock.json node_modules/.installed
}

# install_python FOLDER LOCK
install_python()
{
	fresh "$2" "$1/installed" && return 0
	say "installing from $2 with pip"
	rm -rf "$1"
	python3 -m venv "$1" && "$1/bin/pip" install --quiet \
		--disable-pip-version-check --require-hashes --only-binary :all: \
		--requirement "$2" >&2 || {
		say "pip could not install from $2; is a registry reachable?"
		exit 1
	}
	cp "$2" "$1/installed"
}

need_node
mkdir -p "$folder"
rm -f "$folder"/*.mjs "$folder"/*.py
cp "$source"/tests/interop/* "$folder"
cd "$folder"
install_node
install_python python requirements.txt
install_python az requirements-az.txt
export KVGOV="$build/kvgov"
exec node run.mjs "$build/kvgov-cloud" \
	"$source/tests/cloud/estates/contoso.json" "$folder/files" "$folder"/test_*
