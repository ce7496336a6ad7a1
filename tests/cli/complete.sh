# What bash offers behind the words given: complete.sh SCRIPT KVGOV WORD...,
# where the last word is the one that the cursor stands in.
. "$1"
shift
COMP_WORDS=("$@")
COMP_CWORD=$(($# - 1))
_kvgov
printf '%s\n' "${COMPREPLY[@]}"
