#!/bin/sh
# Runs every bench given; each prints its figures with the bars beside them.
# Nothing fails here: figures are for people, and machines differ.
set -u
printf '%-58s %14s %14s\n' 'what' 'figure' 'bar'
for bench in "$@"; do
    "$bench" || echo "$bench: ended with $?" >&2
done
