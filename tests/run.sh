#!/bin/sh
# Runs the test programs given as arguments, as many at a time as there are
# processors (KVGOV_TEST_LANES), tells of them in their order, and adds up what
# cmocka counted. A program that passes is one line; one that does not is
# followed by all that it said, and once more at the end, where the last lines
# of a long log are read. Closes with "N passed, N failed" and exits 1 on any
# failure, crash, time-out or when nothing was tested at all.
limit_s=${KVGOV_TEST_LIMIT_S:-600}

# One program: what it said, and "CODE SECONDS" once it has ended.
if [ "$1" = --one ]; then
	started=$(date +%s)
	timeout -k 10 "$limit_s" "$4" >"$2/$3.said" 2>&1 </dev/null
	code=$?
	echo "$code $(($(date +%s) - started))" >"$2/$3.new"
	mv "$2/$3.new" "$2/$3.ended"
	exit 0
fi

lanes=${KVGOV_TEST_LANES:-$(nproc)}
folder=$(mktemp -d "${TMPDIR:-/tmp}/kvgov-run.XXXXXX") || exit 1
failures=$folder/failures
trap 'rm -rf "$folder"' EXIT
trap 'kill "$runner" 2>/dev/null; exit 1' HUP INT TERM
passed=0
failed=0

# The sum of what stands in front of "test(s)" in the summary lines of a mark.
count()
{
	awk -v mark="$1" '$1 == "[" && $2 == mark {
		for (i = 4; i < NF; i++)
			if ($(i + 1) ~ /^test\(s\)/)
				sum += $i
	} END { print sum + 0 }' "$output"
}

# What a test that failed did not free says nothing.
said()
{
	if grep -q '^\[  FAILED  \]' "$output"; then
		sed '/ERROR: LeakSanitizer/,$d' "$output"
	else
		cat "$output"
	fi
}

number=0
for program in "$@"; do
	number=$((number + 1))
	echo "$number $program"
done | xargs -P "$lanes" -L 1 sh "$0" --one "$folder" &
runner=$!

number=0
for program in "$@"; do
	number=$((number + 1))
	name=${program##*/tests/}
	output=$folder/$number.said
	while [ ! -e "$folder/$number.ended" ] && kill -0 "$runner" 2>/dev/null; do
		sleep 0.1
	done
	code=1 elapsed=0
	[ ! -e "$folder/$number.ended" ] ||
		read -r code elapsed <"$folder/$number.ended"
	[ -e "$output" ] || : >"$output"
	good=$(count PASSED)
	# A test that was skipped proved nothing.
	bad=$(($(count FAILED) + $(count SKIPPED)))
	note=
	case $code in
	0) [ "$good" -gt 0 ] || note="no test was run" ;;
	124 | 137) note="stopped after $limit_s s" ;;
	*) [ "$bad" -gt 0 ] || note="ended with code $code" ;;
	esac
	# What the counts do not tell is a failure of its own.
	[ -z "$note" ] || bad=$((bad + 1))
	passed=$((passed + good))
	failed=$((failed + bad))
	if [ "$bad" -eq 0 ]; then
		printf 'ok    %-40s %4s passed %5s s\n' "$name" "$good" "$elapsed"
	else
		{
			printf 'FAIL  %-40s %4s passed, %s failed %s s%s\n' "$name" \
				"$good" "$bad" "$elapsed" "${note:+: $note}"
			said | sed 's/^/      /'
		} | tee -a "$failures"
	fi
	rm -f "$output"
done

# What is said again leaves out the tests that passed.
[ ! -s "$failures" ] ||
	grep -v -E '^ +\[ +(RUN|OK) +\]|^ +\[=+\]' "$failures"
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
