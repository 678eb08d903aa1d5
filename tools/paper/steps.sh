# steps.sh - sourced by run.sh: what the rows of the paper's tables are made of.
# SPDX-License-Identifier: MIT
# Copyright (c) the noneq authors
# shellcheck shell=sh disable=SC2154 # $noneq, $data, $row are run.sh's

# Exit status of a row whose data are not there.
ABSENT=3

# needs FILE...: below the data folder, or the row ends here, which is told plainly.
needs()
{
    for file; do
        test -e "$data/$file" && continue
        echo "no data: \$NONEQ_DATA/$file does not exist" | tee absent >&2
        exit $ABSENT
    done
}

# minutes: "--minutes M" where the caller chose a time for this row in place of the preset's
# updates. $1: whether MINUTES speaks of it too.
minutes()
{
    eval "own=\${$(echo "$row" | tr '[:lower:]' '[:upper:]')_MINUTES:-}"
    test -n "$own" || test "${1:-}" != shared || own=${MINUTES:-}
    test -z "$own" || echo "--minutes $own"
}

# terms: of the bound for each row; a thousand rows bring the error of K below .01 bits/pixel.
terms()
{
    echo "--terms ${TERMS:-32}"
}

# shown: the words of a command as a reader would type them.
shown()
{
    for word; do
        case $word in
        "$noneq") word=noneq ;;
        "$tools"/*) word=tools/${word#"$tools"/} ;;
        "$data"/*) word=\$NONEQ_DATA/${word#"$data"/} ;;
        esac
        printf '%s ' "$word"
    done
}

now()
{
    date +%s.%N
}

# is_done WORDS: of a run that goes on (RESUME), whether this step ended well before.
is_done()
{
    test -n "${RESUME:-}" && test -e commands &&
        awk -F '\t' -v words="$1" '$2 == words { found = 1 } END { exit !found }' commands
}

# checkpoint_of COMMAND...: of a training that was interrupted, in a run that goes on.
checkpoint_of()
{
    before=
    for word; do
        test "$before" != -o || test -z "${RESUME:-}" || test ! -e "$word.checkpoint" ||
            echo "$word.checkpoint"
        before=$word
    done
}

# note COMMAND SECONDS: for the page.
note()
{
    is_done "$1" && return
    printf '%s\t%s\n' "$2" "$1" >>commands
}

# step OUT COMMAND...: runs it with its standard output in the file OUT (-: none), and notes it with
# the seconds that it took. A command that fails ends the row.
step()
{
    out=$1
    shift
    words=$(shown "$@")
    test "$out" = - || words="$words> $out"
    ! is_done "${words% }" || return 0
    echo "   $words" >&2
    begin=$(now)
    checkpoint=$(checkpoint_of "$@")
    if test -n "$checkpoint"; then
        set -- "$@" --resume
        last=$(stat -c %Y "$checkpoint")
        test ! -e begun || begin=$(awk -v begun="$(cat begun)" -v last="$last" \
            "BEGIN { printf \"%.3f\", $begin - (last > begun ? last - begun : 0) }")
    fi
    echo "$begin" >begun
    if test "$out" = -; then
        "$@" >>log 2>&1
    else
        "$@" >"$out" 2>>log
    fi || {
        code=$?
        echo "'$words' ended with status $code: $(tail -n 1 log)" | tee failed >&2
        exit 1
    }
    note "${words% }" "$(awk "BEGIN { print $(now) - $begin }")"
}

# extra OUT COMMAND...: the same, but the row goes on without it.
extra()
{
    (step "$@") || {
        cat failed >>left_out
        rm failed
    }
}

# machine_write FILE
machine_write()
{
    cpu=$(lscpu 2>/dev/null | sed -n 's/^Model name: *//p' | head -n 1)
    memory=$(awk '/^MemTotal/ { printf "%.0f GB", $2 / 1e6 }' /proc/meminfo 2>/dev/null)
    compiler=$(sed -n 's/^set(CMAKE_C_COMPILER_\(ID\|VERSION\) "\(.*\)")/\2/p' \
        "$(dirname "$noneq")"/CMakeFiles/*/CMakeCCompiler.cmake 2>/dev/null | paste -sd ' ')
    load=$(cut -d ' ' -f 1 /proc/loadavg 2>/dev/null)
    printf '{"cpu":"%s","cores":%s,"memory":"%s","compiler":"%s","system":"%s","date":"%s",' \
        "${cpu:-unknown}" "$(nproc)" "${memory:-unknown}" "${compiler:-unknown}" \
        "$(uname -sm)" "$(date -u +%Y-%m-%d)" >"$1"
    printf '"load":%s}\n' "${load:-null}" >>"$1"
}
