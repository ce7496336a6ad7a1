#!/bin/sh
# The layers, where the include paths cannot hold them: each foreign library
# has one user, and every header compiles alone.
set -u
failed=0

only() { # only LIBRARY-PATTERN WHERE-PATTERN
    found=$(grep -rlE "#include <($1)" api tui include |
        grep -vE "^($2)") || return 0
    echo "layers: <$1> is for $2 only, but is included by:" $found >&2
    failed=1
}

only 'curl/' 'api/http/'
only 'sqlite3' 'api/store/'
only 'n?curses|term\.h' 'tui/term\.c'
only 'jansson' 'api/(auth|azure|remedy|store|report|session)/'
only 'openssl/' 'api/(http|auth|remedy)/|api/base/digest\.c'
only 'qrencode\.h' 'tui/qr\.c'
only 'ini\.h' 'tui/|api/config/'

if grep -rnE '#include "(\.\./|api/)' api tui include >&2; then
    echo "layers: include by name, not by path" >&2
    failed=1
fi
if grep -rlE '#include "|#include <' tests/cloud --include='*.[ch]' |
    xargs grep -nE '#include "(kvgov/|base\.h|http\.h)' >&2; then
    echo "layers: kvgov-cloud shares no code with the API layer" >&2
    failed=1
fi
for header in include/kvgov/*.h; do
    ${CC:-cc} -std=c17 -D_GNU_SOURCE -Wall -Wextra -Werror -Iinclude \
        -fsyntax-only -x c "$header" || failed=1
done
exit $failed
