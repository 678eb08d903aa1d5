# noneq.bash - completes command lines of noneq in bash; the program says what may stand there.
# SPDX-License-Identifier: MIT
# Copyright (c) the noneq authors
# shellcheck shell=bash

# _noneq_files WORD ENDING...: names of files that begin like WORD, and folders; where no file has
# one of the endings, or none is given, all files.
_noneq_files()
{
    local word=$1 name ending
    local -a files=()
    shift
    if test $# -gt 0; then
        while IFS= read -r name; do
            for ending in "$@"; do
                case $name in *"$ending" | *"$ending.gz") files+=("$name") && break ;; esac
            done
        done < <(compgen -f -- "$word")
    fi
    if test ${#files[@]} -gt 0; then
        mapfile -t -O "${#files[@]}" files < <(compgen -d -- "$word")
    else
        mapfile -t files < <(compgen -f -- "$word")
    fi
    COMPREPLY+=("${files[@]}")
    compopt -o filenames 2>/dev/null # refused where nobody completes, as in a test
}

_noneq()
{
    local word i before kind endings candidate
    local -a words=()
    # bash cuts words at "=" and ":", which the program wants whole.
    for ((i = 1; i <= COMP_CWORD; i++)); do
        word=${COMP_WORDS[i]}
        if test ${#words[@]} -gt 0 &&
            [[ $word == [=:]* || ${COMP_WORDS[i - 1]} == *[=:] ]]; then
            words[-1]+=$word
        else
            words+=("$word")
        fi
    done
    word=${words[-1]}
    case $word in --*=*) word=${word#*=} ;; esac
    # Of what it is given, bash replaces only what stands behind the last "=" or ":".
    before=${word%"${word##*[=:]}"}
    COMPREPLY=()
    {
        read -r kind endings
        while IFS=$'\t' read -r candidate _; do COMPREPLY+=("${candidate#"$before"}"); done
    } < <("${COMP_WORDS[0]/#\~/$HOME}" --complete "${words[@]}" 2>/dev/null)
    case $kind in
    folders)
        mapfile -t -O "${#COMPREPLY[@]}" COMPREPLY < <(compgen -d -- "$word")
        compopt -o filenames 2>/dev/null ;;
    files)
        # shellcheck disable=SC2086 # words are wanted
        _noneq_files "$word" $endings ;;
    esac
}

complete -F _noneq noneq
