#!/usr/bin/env bash
# log.sh - what is said while training: progress, metrics as JSON lines, TensorBoard events.
# SPDX-License-Identifier: MIT
# Copyright (c) the noneq authors
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"

"$noneq" data gaussian -n 300 -o data.csv
succeeds a_run_is_logged train data.csv -o model "${tiny[@]}" --log logs
holds the_lines_are_there test "$(wc -l <logs/metrics.jsonl)" -gt 10
holds one_event_file_is_there test "$(find logs -name 'events.out.tfevents.*' | wc -l)" -eq 1
prints plain_progress_has_no_control_characters 'update 60/60' err
holds and_no_carriage_return test "$(grep -c "$(printf '\r')" err)" -eq 0
run train data.csv -o model "${tiny[@]}" -q
holds quiet_is_quiet test "$code" -eq 0 -a ! -s err -a ! -s out
succeeds evaluations_are_logged_too eval model data.csv --terms 16 --log logs
prints in_the_same_file 'eval_bits' logs/metrics.jsonl
touch file
refuses a_log_folder_that_is_a_file_is_refused 1 "'file" train data.csv -o m2 -q --log file
holds and_no_model_is_made test ! -e m2

if has_python log_files_are_valid; then
    cat >check.py <<'PYTHON'
import glob, json
from events import crc32c, events, fields

assert crc32c(b'123456789') == 0xe3069283
scalars = {}
for path in glob.glob('logs/events.out.tfevents.*'):
    first = True
    for event in events(path, check=True):
        assert event[1] > 1.5e9
        if first:
            assert event[3] == b'brain.Event:2'
        else:
            value = fields(fields(event[5])[1])
            scalars[value[1].decode(), event[2]] = value[2]
        first = False
count = 0
for line in open('logs/metrics.jsonl'):
    line = json.loads(line)
    for name, value in line.items():
        if name not in ('update', 'stage'):
            assert abs(scalars[name, line['update']] - value) <= 1e-6 * abs(value) + 1e-9
            count += 1
assert count == len(scalars) > 100 and ('valid_bits', 60) in scalars
PYTHON
    holds events_decode_to_the_values_of_the_lines with_events check.py
fi

# A pseudo-terminal shows the line that is redrawn.
if command -v script >/dev/null 2>&1; then
    script -qec "'$noneq' train data.csv -o model --hidden 8,8 --steps 12 --batch 64 \
        --minutes 0.01 --patience 0" /dev/null >terminal </dev/null 2>&1
    prints a_terminal_shows_a_bar '\[=+>? *\]' terminal
    holds and_the_line_is_redrawn test "$(grep -o "$(printf '\r')"'\[' terminal | wc -l)" -gt 2
fi
finish
