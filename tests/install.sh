#!/usr/bin/env bash
# install.sh - installs into an empty folder and builds programs of a user's from there.
# SPDX-License-Identifier: MIT
# Copyright (c) the noneq authors
set -u
cd "$(dirname "$0")/.." || exit 1
. tests/tap.sh
build=${BUILD:-$PWD/build/release}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
prefix=$folder/usr
export PKG_CONFIG_PATH="$prefix/lib/pkgconfig" CMAKE_PREFIX_PATH="$prefix"
cc=${CC:-cc}

cat >"$folder/user.c" <<'C'
#include <noneq.h>
#include <stdio.h>
#include <string.h>

int main(void)
{
    nq_context *context = NULL;
    nq_dataset *roll = NULL;
    nq_status status = nq_context_new(&context, NULL);
    if (!status) status = nq_dataset_generate(&roll, context, "swissroll", NULL);
    printf("%s: %s\n", nq_version(), nq_status_name(status));
    nq_dataset_free(roll);
    nq_context_free(context);
    return status || strcmp(nq_version(), NQ_VERSION) != 0;
}
C
version=$(sed -n 's/.*define NQ_VERSION "\([0-9]*\.[0-9]*\).*/\1/p' include/noneq/version.h)
cat >"$folder/CMakeLists.txt" <<CMAKE
cmake_minimum_required(VERSION 3.20)
project(user C)
find_package(noneq $version REQUIRED)
add_executable(user_shared user.c)
target_link_libraries(user_shared PRIVATE noneq::noneq)
add_executable(user_static user.c)
target_link_libraries(user_static PRIVATE noneq::static)
CMAKE

staged_install_stays_below_destdir()
{
    DESTDIR=$folder/stage cmake --install "$build" --prefix /opt/noneq &&
        test -e "$folder/stage/opt/noneq/lib/libnoneq.so" &&
        test "$(ls "$folder/stage")" = opt
}

shared_by_pkg_config()
{
    # shellcheck disable=SC2046 # words are wanted
    "$cc" "$folder/user.c" -o "$folder/shared" $(pkg-config --cflags --libs noneq) &&
        readelf -d "$folder/shared" | grep -q 'NEEDED.*libnoneq' &&
        LD_LIBRARY_PATH=$prefix/lib "$folder/shared"
}

static_by_pkg_config()
{
    # shellcheck disable=SC2046
    "$cc" "$folder/user.c" -o "$folder/static" $(pkg-config --cflags noneq) \
        "$(pkg-config --variable=libdir noneq)/libnoneq.a" \
        $(pkg-config --static --libs noneq | sed 's/-lnoneq//') &&
        ! readelf -d "$folder/static" | grep -q 'NEEDED.*libnoneq' && "$folder/static"
}

both_by_cmake()
{
    cmake -S "$folder" -B "$folder/build" && cmake --build "$folder/build" &&
        "$folder/build/user_shared" && "$folder/build/user_static"
}

program_is_under_2_mb()
{
    strip -o "$folder/stripped" "$prefix/bin/noneq" &&
        stat -c '%s bytes, stripped' "$folder/stripped" &&
        test "$(stat -c %s "$folder/stripped")" -lt 2000000
}

# What the shells look for, and where.
completions_are_installed()
{
    local share=$prefix/share
    grep -q complete "$share/bash-completion/completions/noneq" &&
        grep -q '^#compdef noneq' "$share/zsh/site-functions/_noneq" &&
        grep -q complete "$share/fish/vendor_completions.d/noneq.fish"
}

# A page for the program and one for each verb; groff has nothing to say about any.
manual_pages_are_whole()
{
    local pages=$prefix/share/man/man1 name
    for name in noneq $("$prefix/bin/noneq" --complete '' |
        sed '1d; /^help/d; s/\t.*//; s/^/noneq-/'); do
        test -s "$pages/$name.1" && grep -q '^\.SH DESCRIPTION' "$pages/$name.1" || return 1
        if command -v man >/dev/null; then
            test -z "$(man --warnings -l "$pages/$name.1" 2>&1 >/dev/null)" || return 1
        fi
    done
    test "$(find "$pages" -name '*.1' | wc -l)" -gt 10
}

# Functions that the public headers declare, one a line; those of mpi.h and xgboost.h where
# their libraries are.
declared_functions()
{
    local headers=(include/noneq.h include/noneq/*.h)
    test -e "$prefix/lib/libnoneq_mpi.so" || headers=("${headers[@]/*\/mpi.h/}")
    test -e "$prefix/lib/libnoneq_xgboost.so" || headers=("${headers[@]/*\/xgboost.h/}")
    # shellcheck disable=SC2068 # the empty name goes
    cat ${headers[@]} | sed 's|/\*.*\*/||' | "$cc" -E -P -Iinclude -x c - |
        grep -oP '\bnq_[a-z0-9_]+(?= *\((?!\*))' | sort -u
}

exported_functions()
{
    nm -D --defined-only "$prefix"/lib/libnoneq*.so | awk 'NF > 2 { print $NF }' |
        sed 's/@.*//' | grep -v '^NONEQ_' | sort -u
}

libraries_needed()
{
    readelf -d "$prefix/lib/libnoneq.so" | sed -n 's/.*NEEDED.*\[\(.*\)\]/\1/p'
}

expect_success an_install_needs_only_a_prefix cmake --install "$build" --prefix "$prefix"
expect_success a_staged_install_stays_below_destdir staged_install_stays_below_destdir
expect_success the_installed_program_runs "$prefix/bin/noneq" --version
expect_success completions_are_installed completions_are_installed
if test -e "$build/man/noneq.1"; then
    expect_success manual_pages_are_whole manual_pages_are_whole
else
    echo "skip manual_pages_are_whole: no help2man when this was built"
fi
if test -e "$prefix/lib/libnoneq_mpi.so" && command -v mpirun >/dev/null; then
    export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1
    expect_success the_installed_program_finds_its_ranks mpirun --oversubscribe -n 2 \
        "$prefix/bin/noneq" data gaussian -n 5 -o "$folder/rows.csv"
else
    echo "skip the_installed_program_finds_its_ranks: no MPI"
fi
expect_success pkg_config_links_the_shared_library shared_by_pkg_config
expect_success pkg_config_links_the_static_library static_by_pkg_config
expect_success find_package_links_both_libraries both_by_cmake
expect_nothing the_shared_library_exports_only_public_names "$(
    exported_functions | grep -v '^nq_'
)"
expect_nothing every_declared_function_is_exported "$(
    comm -23 <(declared_functions) <(exported_functions)
)"
expect_nothing every_exported_function_is_declared "$(
    comm -13 <(declared_functions) <(exported_functions)
)"
expect_nothing the_library_needs_only_libc_libm_zlib_libpng_and_cjson "$(
    libraries_needed |
        grep -vE '^(libc|libm|libz|libpng16|libcjson|libpthread|ld-linux[a-z0-9-]*)\.so'
)"
expect_success the_program_is_under_2_mb program_is_under_2_mb
finish
