#!/usr/bin/env bash
# abi.sh - the shared library as programs of other versions and other languages see it.
# SPDX-License-Identifier: MIT
# Copyright (c) the noneq authors
set -u
cd "$(dirname "$0")/../.." || exit 1
. tests/tap.sh
build=${BUILD:-$PWD/build/release}
library=$build/libnoneq.so
venv=$PWD/build/python_cffi
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
export LD_LIBRARY_PATH=$build

if nm -D "$library" | grep -qE '__(asan|tsan|ubsan)'; then
    echo "skip abi: a library under a sanitizer"
    exit 0
fi

"${CC:-cc}" -E -P -Iinclude include/noneq.h >"$folder/noneq.i"
exported=$(nm -D --defined-only --with-symbol-versions "$library" |
    awk '$2 == "T" { print $3 }' | sort -u)

expect_nothing every_exported_function_has_a_version "$(echo "$exported" | grep -v '@@NONEQ_1')"
# symbols.txt is what programs may be linked to: a line is never taken away while the SONAME stays.
expect_nothing no_function_of_a_former_version_is_gone "$(
    grep -v '^#' tests/headers/symbols.txt | comm -23 - <(echo "$exported" | sed 's/@.*//')
)"
expect_nothing new_functions_are_in_the_list "$(
    grep -v '^#' tests/headers/symbols.txt | comm -13 - <(echo "$exported" | sed 's/@.*//')
)"

# A program that draws rows, and prints them; with headers of other versions.
cat >"$folder/draw.c" <<'C'
#include <noneq.h>
#include <stdio.h>

int main(void)
{
    nq_context *context = NULL;
    nq_dataset *data = NULL;
    nq_model *model = NULL;
    nq_sample_options options;
    double rows[20];
    nq_status status = nq_context_new(&context, NULL);
    nq_sample_options_init(&options, sizeof options);
    options.rows = 10;
    options.seed = 7;
#ifdef LATER
    options.later = LATER;
#endif
    if (!status) status = nq_dataset_generate(&data, context, "swissroll", NULL);
    if (!status) status = nq_model_new(&model, context, data, NULL);
    if (!status) status = nq_sample(rows, context, model, &options);
    for (int i = 0; i < 20 && !status; i++) printf("%a\n", rows[i]);
    if (status) printf("%s\n", nq_context_message(context));
    nq_model_free(model);
    nq_dataset_free(data);
    nq_context_free(context);
    return status ? 1 : 0;
}
C

# header VERSION: include/ with the last row of NQ_SAMPLE_OPTIONS dropped, or one more.
header()
{
    cp -r include "$folder/$1"
    python3 - "$folder/$1/noneq/sample.h" "$1" <<'PYTHON'
import re, sys
path, version = sys.argv[1:]
text = open(path).read()
begin = text.index("#define NQ_SAMPLE_OPTIONS(X)")
end = text.index("\n\n", begin)
rows = re.split(r"(?=^    X\()", text[begin:end], flags=re.M)
if version == "former":
    rows = rows[:-1]
    rows[-1] = rows[-1].rstrip().rstrip("\\").rstrip()
else:
    rows.append(' \\\n    X(count, later, NULL, "0", 0, 1, "of a later version")')
open(path, "w").write(text[:begin] + "".join(rows) + text[end:])
PYTHON
}

# draw NAME HEADERS [FLAGS]: compiles and runs it; prints what it says.
draw()
{
    local name=$1 headers=$2
    shift 2
    "${CC:-cc}" "$@" -I"$headers" "$folder/draw.c" -o "$folder/$name" -L"$build" -lnoneq &&
        "$folder/$name"
}

same_rows()
{
    draw "$1.out" "$folder/$1" >"$folder/$1.txt" && cmp "$folder/present.txt" "$folder/$1.txt"
}

refuses_what_it_does_not_know()
{
    draw unknown "$folder/later" -DLATER=1 >"$folder/unknown.txt"
    grep -q 'a field beyond the first' "$folder/unknown.txt"
}

header former
header later
expect_success a_program_of_today_runs draw present include
draw present include >"$folder/present.txt"
expect_success a_program_with_a_smaller_struct_runs same_rows former
expect_success a_program_with_a_larger_struct_runs same_rows later
expect_success a_field_that_the_library_does_not_know_is_refused refuses_what_it_does_not_know

python_is_ready()
{
    "$venv/bin/python" -c 'import cffi' 2>/dev/null && return
    test -x "$venv/bin/python" || python3 -m venv "$venv"
    timeout 120 "$venv/bin/pip" install --quiet --disable-pip-version-check --retries 1 \
        --timeout 10 cffi
}

if python_is_ready >"$folder/pip.log" 2>&1; then
    cat >"$folder/read.py" <<'PYTHON'
import re, sys
import cffi

ffi = cffi.FFI()
text = open(sys.argv[1]).read()
ours = text[text.index("typedef enum nq_status"):]
ffi.cdef(ours, override=True)
library = ffi.dlopen(sys.argv[2])
assert ffi.string(library.nq_version())
context = ffi.new("nq_context **")
assert library.nq_context_new(context, ffi.NULL) == 0
data = ffi.new("nq_dataset **")
options = ffi.new("nq_generate_options *")
library.nq_generate_options_init(options, ffi.sizeof("nq_generate_options"))
options.rows = 7
assert library.nq_dataset_generate(data, context[0], b"swissroll", options) == 0
assert library.nq_dataset_rows(data[0]) == 7
i = 0
while True:
    kind = library.nq_options_type_get(i)
    if not kind:
        break
    name = ffi.string(kind.name).decode()
    assert kind.size == ffi.sizeof(name), name
    for k in range(kind.count):
        row = kind.table[k]
        field = ffi.string(row.field).decode()
        assert ffi.offsetof(name, field) == row.offset, (name, field)
    i += 1
assert i > 10
library.nq_dataset_free(data[0])
library.nq_context_free(context[0])
PYTHON
    expect_success cffi_reads_the_headers_and_calls_the_library \
        "$venv/bin/python" "$folder/read.py" "$folder/noneq.i" "$library"
else
    echo "skip cffi_reads_the_headers: PyPI is out of reach: $(tail -n 1 "$folder/pip.log")"
fi
finish
