#!/bin/sh
# install_packages.sh PACKAGE... - makes sure that Debian packages are there; silent when they are.
# SPDX-License-Identifier: MIT
# Copyright (c) the noneq authors
set -u

if ! command -v dpkg-query >/dev/null 2>&1; then
    echo "This system has no Debian packages: going on, and expecting what these hold:" >&2
    echo "  $*" >&2
    exit 0
fi

missing=
installed=" $(dpkg-query -W -f '${db:Status-Status}=${Package} ' "$@" 2>/dev/null) "
for package in "$@"; do
    case "$installed" in
    *" installed=$package "*) ;;
    *) missing="$missing $package" ;;
    esac
done
test -z "$missing" && exit 0

echo "Debian packages that are needed and not there yet:$missing" >&2
as_root=
if test "$(id -u)" != 0; then
    if ! sudo -n true 2>/dev/null; then
        echo "They need root. Please run:  apt-get install --no-install-recommends$missing" >&2
        exit 1
    fi
    as_root="sudo -n"
fi
export DEBIAN_FRONTEND=noninteractive
log=$(mktemp)
trap 'rm -f "$log"' EXIT
# shellcheck disable=SC2086 # words are wanted
if $as_root apt-get update >"$log" 2>&1 &&
    $as_root apt-get install -y --no-install-recommends $missing >>"$log" 2>&1; then
    echo "Installed." >&2
else
    tail -n 20 "$log" >&2
    echo "apt-get could not install:$missing" >&2
    exit 1
fi
