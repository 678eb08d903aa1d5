# noneq.fish - completes command lines of noneq in fish; the program says what may stand there.
# SPDX-License-Identifier: MIT
# Copyright (c) the noneq authors
function __noneq_complete
    set -l words (commandline -opc)
    set -l program $words[1]
    set -e words[1]
    set -l word (commandline -ct)
    set -l lines ($program --complete $words "$word" 2>/dev/null)
    set -l kind (string split ' ' -- $lines[1])
    set -e lines[1]
    # fish wants the whole word, --name=value
    set -l before (string match -r -- '^--[^=]*=' "$word"; or echo)
    set -l value (string replace -r -- '^--[^=]*=' '' "$word")
    printf '%s\n' $before$lines
    contains -- "$kind[1]" files folders; or return 0
    # Of a command that nobody knows, fish completes files.
    set -l paths (complete -C "__noneq_unknown $value")
    set -l chosen (string match -- '*/' $paths)
    if test $kind[1] = files
        set -l files
        for ending in $kind[2..]
            set -a files (string match -- "*$ending" $paths; string match -- "*$ending.gz" $paths)
        end
        if test (count $files) -gt 0
            set -a chosen $files
        else
            set chosen $paths
        end
    end
    printf '%s\n' $before$chosen
end

complete -c noneq -f -a '(__noneq_complete)'
