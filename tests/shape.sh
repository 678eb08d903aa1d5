#!/usr/bin/env bash
# shape.sh - holds the limits of tools/shape.py, and shows that each of them catches something.
# SPDX-License-Identifier: MIT
# Copyright (c) the noneq authors
set -u
cd "$(dirname "$0")/.." || exit 1
. tests/tap.sh
export PYTHONDONTWRITEBYTECODE=1

if ! command -v python3 >/dev/null; then
    echo "skip shape: no python3"
    exit 0
fi

found=$(python3 tools/shape.py --check 2>&1)
known='files in a folder of src|files in src/backend/cpu|fields of a struct|lines of a function'
known=$known'|lines of a file|files in an include cycle|questions by name in a file|no longer over'

# holds SENTENCE LIMIT: nothing is over it.
holds()
{
    expect_nothing "$1" "$(printf '%s' "$found" | grep "^$2:")"
}

holds folders_of_src_hold_at_most_20_files 'files in a folder of src'
holds backend_cpu_holds_at_most_30_files 'files in src/backend/cpu'
holds structs_of_src_have_at_most_20_fields 'fields of a struct'
holds functions_have_at_most_80_lines 'lines of a function'
holds files_have_at_most_500_lines 'lines of a file'
holds no_file_of_src_includes_itself_by_way_of_others 'files in an include cycle'
holds nobody_asks_for_a_family_an_operation_or_a_regressor_by_name 'questions by name in a file'
holds who_is_no_longer_over_a_limit_is_not_listed_as_such 'no longer over'
expect_nothing the_measuring_says_nothing_else "$(
    printf '%s' "$found" | grep -vE "^($known):"
)"

# A tree that breaks every limit; what it says of those that are listed as still over is left out.
tree=$(mktemp -d)
trap 'rm -rf "$tree"' EXIT
mkdir -p "$tree"/{src/{core,backend/cpu},include,cli,tests}
for i in {1..21}; do echo >"$tree/src/core/file_$i.c"; done
for i in {1..31}; do echo >"$tree/src/backend/cpu/file_$i.c"; done
yes '/* a line */' | head -501 >"$tree/tests/tall.c"
{
    echo '#include "core/b.h"'
    echo 'typedef struct wide { /* int a, b, c; */'
    echo '    int a, b, c, (*call)(int a, int b), d[2];'
    echo '    union { struct { long e, f; } inner; double g; };'
    echo '    struct wide *h, *i; enum { LEFT, RIGHT } j; unsigned k : 1, l : 2; FIELDS(AS_INT)'
    echo '} wide;'
} >"$tree/src/core/a.h"
{
    echo '#include "core/a.h"'
    echo '#define FIELDS(X) X(m) \'
    echo '    X(n) X(o) X(p) X(q) X(r) X(s) X(t) X(u)'
} >"$tree/src/core/b.h"
{
    echo 'int '
    echo 'tall(int a)'
    echo '{ /* } */ const char *text = "}";'
    yes '    { a++; }' | head -77
    echo '}'
    yes '    ' | head -40
    echo 'int high(int a) {'
    yes '    a++;' | head -80
    echo '}'
    # shellcheck disable=SC2028 # C, not escapes
    echo 'int asks(void) { return op == &nqi_op_add || strcmp(kernel, "x") || outputs == 2; }'
    echo 'int asks_not(void) { return nqi_node_new(graph, &nqi_op_add, 1); } /* outputs == 2 */'
} >"$tree/cli/tall.c"
caught=$(python3 tools/shape.py --check --root "$tree" 2>&1 | grep -v '^no longer over:')
expected='fields of a struct: wide has 22, the limit is 20 (src/core/a.h:2)
files in a folder of src: src/core has 23, the limit is 20 (src/core)
files in an include cycle: src/core/a.h has 2, the limit is 0 (src/core/a.h src/core/b.h)
files in src/backend/cpu: src/backend/cpu has 31, the limit is 30 (src/backend/cpu)
lines of a file: tests/tall.c has 501, the limit is 500 (tests/tall.c)
lines of a function: high has 82, the limit is 80 (cli/tall.c:122)
lines of a function: tall has 81, the limit is 80 (cli/tall.c:1)
questions by name in a file: cli/tall.c has 1, the limit is 0 (204: int asks('
expect_nothing every_limit_catches_what_breaks_it "$(
    printf '%s\n' "$caught" | sed 's/int asks(.*/int asks(/' | sort |
        diff <(printf '%s\n' "$expected" | sort) -
)"
finish
