#!/usr/bin/env bash
# deb.sh [FOLDER] - the packages in a folder (build/deb): lintian, and a bare Debian that has them.
# For the latter it needs root, mmdebstrap and a mirror of Debian; what cannot be done is skipped.
# SPDX-License-Identifier: MIT
# Copyright (c) the noneq authors
# shellcheck disable=SC2016 # what is in single quotes is for the shell inside
set -u
cd "$(dirname "$0")/.." || exit 1
. tests/tap.sh
packages=$(realpath -- "${1:-build/deb}") || exit 1
noneq=${NONEQ:-$PWD/build/release/noneq}
folder=$(mktemp -d)
debian=$folder/debian
trap 'umount "$debian/proc" 2>/dev/null; rm -rf --one-file-system "$folder"' EXIT

# skip_all REASON SENTENCE...
skip_all()
{
    local reason=$1 sentence
    shift
    for sentence in "$@"; do echo "skip $sentence: $reason"; done
}

# inside COMMAND: by a shell in the bare Debian.
inside()
{
    chroot "$debian" /usr/bin/env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C.UTF-8 \
        DEBIAN_FRONTEND=noninteractive sh -ec "$1"
}

lintian_is_silent()
{
    local said
    # Root is what a container has.
    said=$(lintian --pedantic --fail-on none --allow-root "$packages"/*.changes 2>&1)
    printf '%s\n' "$said"
    test -z "$said"
}

the_library_is_named_by_its_soname()
{
    local soname
    mkdir -p "$folder/library"
    dpkg-deb -x "$packages"/libnoneq[0-9]*.deb "$folder/library" || return 1
    soname=$(readelf -d "$folder"/library/usr/lib/*/libnoneq.so.*.*.* |
        sed -n 's/.*SONAME.*\[libnoneq\.so\.\(.*\)\]/\1/p')
    test -n "$soname" && ls "$packages/libnoneq${soname}_"*.deb
}

# The flags of dpkg come beside the project's own, and change no number.
the_model_is_that_of_the_tree()
{
    "$noneq" train "$debian/tmp/roll.csv" -o "$folder/roll.nq" --updates 50 --hidden 8 -q &&
        cmp "$folder/roll.nq" "$debian/tmp/roll.nq"
}

if ! ls "$packages"/noneq_*.deb >/dev/null 2>&1; then
    fail there_are_packages "none in $packages: make deb"
    finish
    exit
fi
if command -v lintian >/dev/null; then
    expect_success lintian_finds_nothing lintian_is_silent
else
    skip_all 'no lintian' lintian_finds_nothing
fi
expect_success the_library_is_named_by_its_soname the_library_is_named_by_its_soname

cases_inside='a_bare_debian_installs_the_program it_makes_data_trains_and_samples
    forests_are_grown_with_a_package_of_their_own it_has_manual_pages
    bash_completes_there a_user_compiles_an_example_there
    which_does_what_the_program_does all_packages_go_again'
if test "$(id -u)" != 0 || ! command -v mmdebstrap >/dev/null; then
    # shellcheck disable=SC2086 # words are wanted
    skip_all 'needs root and mmdebstrap' $cases_inside
    finish
    exit
fi
suite=$(sed -n 's/^VERSION_CODENAME=//p' /etc/os-release)
if ! mmdebstrap --variant=apt "${suite:-stable}" "$debian" >"$folder/log" 2>&1; then
    # shellcheck disable=SC2086
    skip_all "no bare Debian could be made ($(tail -n 1 "$folder/log"))" $cases_inside
    finish
    exit
fi
cp "$packages"/*.deb "$debian/tmp"
# bash reads what a command prints by /dev/fd, which leads there.
mount -t proc proc "$debian/proc"
install='apt-get install -y --no-install-recommends'
expect_success a_bare_debian_installs_the_program inside "apt-get update
    $install /tmp/noneq_*.deb && dpkg -s noneq | grep -q '^Status: install ok installed'"
expect_success it_makes_data_trains_and_samples inside 'cd /tmp
    noneq data swissroll -n 300 --noise 0.5 -o roll.csv
    noneq train roll.csv -o roll.nq --updates 50 --hidden 8 -q
    noneq sample roll.nq -n 5 -o new.csv && test "$(wc -l <new.csv)" -ge 5'
if test -x "$noneq"; then
    expect_success the_model_is_that_of_the_tree the_model_is_that_of_the_tree
else
    skip_all "no $noneq" the_model_is_that_of_the_tree
fi
expect_success forests_are_grown_with_a_package_of_their_own inside "cd /tmp
    train='noneq train roll.csv -o forest.nq --regressor forest --steps 10 -q'
    if \$train 2>said; then exit 1; fi
    grep -q libnoneq-xgboost said && $install /tmp/libnoneq-xgboost[0-9]*.deb && \$train"
# A small image of Debian drops manual pages unless it is told not to.
expect_success it_has_manual_pages inside "$install man-db
    test -s /usr/share/man/man1/noneq.1.gz || dpkg --force-confnew -i /tmp/noneq_*.deb
    man noneq-train | grep -q -- --preset && man noneq | grep -q 'noneq-sample(1)'"
expect_success bash_completes_there inside "bash -c '
    . /usr/share/bash-completion/completions/noneq
    COMP_WORDS=(noneq tra) COMP_CWORD=1
    _noneq && test \"\${COMPREPLY[*]}\" = train'"
expect_success a_user_compiles_an_example_there inside "$install gcc libc6-dev pkg-config \
        /tmp/libnoneq[0-9]*.deb /tmp/libnoneq-dev_*.deb /tmp/noneq-doc_*.deb
    cd /tmp && gcc -std=c11 -Wall -Wextra -Werror /usr/share/doc/noneq/examples/whole.c -o whole \
        \$(pkg-config --cflags --libs noneq)
    gcc -std=c11 /usr/share/doc/noneq/examples/whole.c -o whole_static \
        \$(pkg-config --cflags noneq) \$(pkg-config --variable=libdir noneq)/libnoneq.a \
        \$(pkg-config --static --libs noneq | sed 's/-lnoneq//')"
expect_success which_does_what_the_program_does inside 'cd /tmp
    awk "BEGIN { print \"town,x\"
        for (i = 0; i < 80; i++) print i % 3 ? \"Bern,\" i % 7 : \"Oslo,\" i % 5 }" >data.csv
    awk "NR % 4 { print; next } { print \",\" NR % 5 }" data.csv >gaps.csv
    for way in ./whole ./whole_static; do
        rm -f m.nq* && $way && mv m.nq "$way.nq"
    done
    cmp whole.nq whole_static.nq
    noneq train data.csv -o its.nq -q 2>/dev/null && cmp whole.nq its.nq'
expect_success all_packages_go_again inside "dpkg --purge noneq noneq-doc libnoneq-dev \
        \$(dpkg-query -W -f '\${Package} ' 'libnoneq*[0-9]') && ! command -v noneq
    test ! -e /usr/share/doc/noneq && test ! -e /usr/include/noneq"
finish
