#!/usr/bin/env python3
# torture.py - every verb with the n-th allocation, write, rename, read ... failing, for all n.
# SPDX-License-Identifier: MIT
# Copyright (c) the noneq authors
"""torture.py PROGRAM SHIM [--all] [--jobs A,B] [--kinds mw] [--workers N]

Runs each job undisturbed, counts its calls of each kind (shim.c), and then runs it with each of
them failing, once and from then on. A run is good when it either
  ends with 1 or 2, says a sentence, and leaves each output as it was before or whole, or
  ends with 0, and its outputs are byte for byte those of the undisturbed run;
and in both cases leaves no temporary file, no lock and nothing that nobody asked for. A crash or
a run of a minute is bad. Without --all a sample: the first calls, the last ones and some between.
Prints TAP."""
import argparse
import concurrent.futures
import os
import queue
import re
import shutil
import subprocess
import sys
import tempfile

OLD = b'an older file, to be kept\n'
KINDS = {'m': 'allocation', 'o': 'open', 'r': 'rename', 'R': 'read', 'w': 'write', 's': 'short write',
         'i': 'interrupted call', 'f': 'fsync', 't': 'ftruncate', 'c': 'close', 'M': 'mmap',
         'T': 'thread', 'l': 'lock', 'u': 'unlink'}
# What is only ever tried again, and would be for ever.
ONCE = 'si'
TIME_LIMIT = 60  # seconds
SAMPLE = 10      # runs of each kind of a job, about, in a sample

TINY = '--hidden 4 --steps 4 --updates 4 --threads 1 -q'
# Name, outputs, command. STDOUT stands for what is printed.
JOBS = [
    ('data', ['OUT.csv.gz'], 'data swissroll -n 300 -o OUT.csv.gz --threads 1'),
    ('data-bytes', ['OUT.npy'], 'data deadleaves -n 3 --size 8 -o OUT.npy --threads 1'),
    ('data-picture', ['OUT.png'], 'data deadleaves -n 1 --size 8 -o OUT.png --threads 1'),
    ('data-print', ['STDOUT'], 'data gaussian -n 20 --threads 1'),
    ('info', ['OUT.txt'], 'info roll.nq -o OUT.txt'),
    ('info-json', ['STDOUT'], 'info roll.nq --json'),
    ('info-data', ['OUT.txt'], 'info people.csv -o OUT.txt'),
    ('info-data-json', ['STDOUT'], 'info people.csv --json'),
    ('train', ['OUT.nq'], f'train roll.csv -o OUT.nq {TINY} --valid 0.2 '
                          '--checkpoint-every 0 --log LOG'),
    ('train-steps', ['OUT.nq'], f'train gaps.csv -o OUT.nq {TINY} --readout per-step '
                                '--share 2 --schedule learned --fit-updates 2'),
    ('train-bits', ['OUT.nq'], f'train bits.npy -o OUT.nq {TINY} --valid bits.npy'),
    ('train-pictures', ['OUT.nq'], f'train leaves.npy -o OUT.nq {TINY} --image 8x8 '
                                   '--channels 2 --features 2 --bumps 2'),
    ('train-mixed', ['OUT.nq'], f'train people.csv -o OUT.nq {TINY} --valid 0.2'),
    ('train-threads', ['OUT.nq'], 'train roll.npy -o OUT.nq --hidden 4 --steps 4 '
                                  '--updates 2 --threads 3 -q'),
    ('resume', ['R.nq'], f'train roll.csv -o R.nq {TINY} --resume'),
    ('sample', ['OUT.csv'], 'sample roll.nq -n 4 -o OUT.csv --threads 1'),
    ('sample-mixed', ['OUT.csv'], 'sample people.nq -n 4 -o OUT.csv --threads 1'),
    ('sample-array', ['OUT.npy.gz'], 'sample bits.nq -n 4 -o OUT.npy.gz --threads 1'),
    ('sample-page', ['OUT.png'], 'sample leaves.nq -n 2 -o OUT.png --threads 1'),
    ('sample-way', ['STDOUT'], 'sample roll.nq -n 2 --trajectory 3 --threads 1 -o -'),
    ('eval', ['OUT.txt'], 'eval roll.nq roll.csv --terms 2 --ais 2 --entropy --parzen 5 '
                          '--parzen-width 0.2 --max-rows 6 -o OUT.txt --threads 1 -q --log LOG'),
    ('eval-json', ['STDOUT'], 'eval leaves.nq leaves.npy --terms 2 --json --threads 1 -q'),
    ('score', ['OUT.csv'], 'score roll.nq roll.npy --terms 2 -o OUT.csv --threads 1 -q'),
    ('score-top', ['STDOUT'], 'score roll.nq gaps0.csv --ais 2 --top 2 --threads 1 -q'),
    ('score-mixed', ['OUT.csv'],
     'score people.nq people.csv --by-column --terms 2 -o OUT.csv --threads 1 -q'),
    ('compare', ['OUT.txt'], 'compare roll.nq roll.nq roll.csv --terms 2 -o OUT.txt --threads 1 -q'),
    ('report', ['OUT.html'],
     'report people.nq people.csv --max-rows 20 --samples 20 --ais 2 --permutations 1 '
     '-o OUT.html --threads 1 -q'),
    ('report-json', ['STDOUT'], 'report roll.nq roll.csv --max-rows 20 --samples 20 --ais 0 '
                                '--permutations 1 --json --threads 1 -q'),
    ('report-pictures', ['OUT.html'], 'report leaves.nq leaves.npy -o OUT.html --ais 0 --threads 1 -q'),
    ('impute', ['OUT.csv'], 'impute roll.nq gaps.csv -o OUT.csv -n 2 --threads 1 -q'),
    ('impute-mixed', ['OUT.csv'], 'impute people.nq people.csv --rows 4 -o OUT.csv --threads 1 -q'),
    ('impute-score', ['OUT.npy', 'STDOUT'],
     'impute bits.nq bits.npy --mask mask.npy --rows 2 --mean --json -o OUT.npy --threads 1 -q'),
    ('impute-sheet', ['OUT.png'],
     'impute leaves.nq leaves.npy --mask left --rows 2 --sheet OUT.png --threads 1 -q'),
    ('denoise', ['OUT.csv'], 'denoise bits.nq bits.npy --flip 0.1 --rows 2 --mean -o OUT.csv '
                             '--threads 1 -q'),
    ('plot', ['OUT.png'], 'plot roll.nq roll.csv -n 20 -o OUT.png --threads 1'),
    ('plot-mixed', ['OUT.png'], 'plot people.nq people.csv -n 20 -o OUT.png --threads 1'),
    ('plot-bits', ['OUT.png'], 'plot bits.nq bits.npy -n 20 -o OUT.png --threads 1'),
    ('plot-entropy', ['OUT.svg'], 'plot roll.nq roll.csv --entropy -o OUT.svg --threads 1'),
]
# What draws is other people's code, which ends the process when memory is out and reads files of
# fonts: there only our own allocations and interrupted calls fail, and no opening and reading.
DRAWS = ('plot', 'plot-mixed', 'plot-bits', 'plot-entropy')
DRAW_KINDS = 'mrwsiftcMTlu'


def inputs_make(program, shim, folder):
    """The files that jobs read, and a checkpoint to go on from."""
    def run(words):
        subprocess.run([program] + words.split(), cwd=folder, check=True, capture_output=True)
    run('data gaussian -n 40 --dim 2 --noise 0.5 -o roll.csv')
    run('data gaussian -n 40 --dim 2 --noise 0.5 -o roll.npy')
    run('data heartbeat -n 30 --dim 6 -o bits.npy')
    run('data deadleaves -n 6 --size 8 -o leaves.npy')
    lines = open(os.path.join(folder, 'roll.csv')).read().split('\n')
    open(os.path.join(folder, 'gaps0.csv'), 'w').write('\n'.join(lines[:4]) + '\n')
    lines[3] = ',0.5'
    open(os.path.join(folder, 'gaps.csv'), 'w').write('\n'.join(lines[:20]) + '\n')
    run('data heartbeat -n 30 --dim 6 --seed 2 -o mask.npy')
    people = [f'{("red", "green", "blue")[i * i % 3]},{20 + i * 7 % 30},{0 if i % 3 else i * 1.37},'
              f'{"" if i % 5 == 2 else i % 2}\n' for i in range(40)]
    open(os.path.join(folder, 'people.csv'), 'w').write('colour,age,gain,member\n' + ''.join(people))
    run(f'train roll.csv -o roll.nq {TINY}')
    run(f'train bits.npy -o bits.nq {TINY}')
    run(f'train people.csv -o people.nq {TINY}')
    run(f'train leaves.npy -o leaves.nq {TINY} --image 8x8 --channels 2 --features 2 --bumps 2')
    checkpoint_make(program, shim, folder)


def checkpoint_make(program, shim, folder):
    """The model of a run cannot be renamed at its end, so that its last checkpoint stays."""
    words = [program] + f'train roll.csv -o R.nq {TINY} --checkpoint-every 0'.split()
    count = os.path.join(folder, 'COUNT')
    environment = dict(os.environ, LD_PRELOAD=shim, TORTURE_KINDS='r', TORTURE_COUNT=count)
    subprocess.run(words, cwd=folder, check=True, capture_output=True, env=environment)
    environment['TORTURE_FAIL'] = open(count).read()
    subprocess.run(words, cwd=folder, check=False, capture_output=True, env=environment)
    os.unlink(count)
    os.rename(os.path.join(folder, 'R.nq.checkpoint'), os.path.join(folder, 'kept.checkpoint'))


class Place:
    """A folder in which one run at a time is disturbed."""

    def __init__(self, program, shim, inputs):
        self.program, self.shim = program, shim
        self.folder = tempfile.mkdtemp(prefix='torture.')
        for name in os.listdir(inputs):
            shutil.copy(os.path.join(inputs, name), self.folder)
        self.inputs = set(os.listdir(inputs))

    def path(self, name):
        return os.path.join(self.folder, name)

    def clean(self, outputs, name):
        for left in set(os.listdir(self.folder)) - self.inputs:
            path = self.path(left)
            shutil.rmtree(path) if os.path.isdir(path) else os.unlink(path)
        for output in outputs:
            if output != 'STDOUT':
                with open(self.path(output), 'wb') as file:
                    file.write(OLD)
        if name == 'resume':
            shutil.copy(self.path('kept.checkpoint'), self.path('R.nq.checkpoint'))

    def run(self, job, kind, number, persists):
        """Status (None: it took too long), what it said, outputs, files left, calls counted."""
        name, outputs, words = job
        self.clean(outputs, name)
        count = self.path('COUNT')
        environment = dict(os.environ, LD_PRELOAD=self.shim, TORTURE_KINDS=kind,
                           TORTURE_FAIL=str(number), TORTURE_COUNT=count)
        if persists:
            environment['TORTURE_ALL'] = '1'
        if name in DRAWS:
            environment['TORTURE_OWN'] = '1'
        try:
            done = subprocess.run([self.program] + words.split(), cwd=self.folder, env=environment,
                                  capture_output=True, timeout=TIME_LIMIT,
                                  stdin=subprocess.DEVNULL)
        except subprocess.TimeoutExpired:
            return None, '', [], [], 0
        # How long it took is the only figure that is never twice the same.
        printed = re.sub(rb'"seconds":[0-9.e-]+', b'', done.stdout)
        contents = [printed if output == 'STDOUT' else self.read(output) for output in outputs]
        known = self.inputs | set(outputs) | {'COUNT', 'LOG', 'R.nq.checkpoint',
                                              'OUT.nq.checkpoint'}
        left = sorted(set(os.listdir(self.folder)) - known)
        calls = int(self.read('COUNT') or b'0')
        return done.returncode, done.stderr.decode(errors='replace'), contents, left, calls

    def read(self, name):
        try:
            with open(self.path(name), 'rb') as file:
                return file.read()
        except OSError:
            return None


def fault(result, job, kind, whole):
    """What is wrong with a disturbed run, or None."""
    status, said, contents, left, _ = result
    if status is None:
        return f'no end in {TIME_LIMIT} s'
    if status < 0:
        return f'killed by signal {-status}'
    # Where removing fails, what was to be removed is there.
    if left and kind != 'u':
        return f'status {status}, left: {" ".join(left)}'
    if status == 0:
        return None if contents == whole else 'status 0 though the output is another'
    if status > 2:
        return f'status {status}'
    if not any(line.startswith('noneq: ') and len(line) > 12 for line in said.split('\n')):
        return f'status {status} without a sentence: {said[:80]!r}'
    for output, now, then in zip(job[1], contents, whole):
        if output != 'STDOUT' and now != OLD and now != then:
            return f'status {status}, and {output} is neither old nor new'
    return None


def numbers(calls, everything):
    """Which calls are to fail."""
    if everything or calls <= SAMPLE:
        return range(1, calls + 1)
    step = max(1, calls // SAMPLE)
    return sorted({1, 2, calls - 1, calls} | set(range(1 + step // 2, calls + 1, step)))


def arguments_read():
    parser = argparse.ArgumentParser()
    parser.add_argument('program')
    parser.add_argument('shim')
    parser.add_argument('--all', action='store_true')
    parser.add_argument('--jobs', default='')
    parser.add_argument('--kinds', default=''.join(KINDS))
    parser.add_argument('--workers', type=int, default=os.cpu_count())
    return parser.parse_args()


def cases_list(options, place, jobs, wholes):
    """(job, kind, number, persists) of every disturbed run; fills in the undisturbed outputs."""
    cases = []
    for job in jobs:
        status, said, whole, left, _ = place.run(job, '', 0, False)
        if status != 0 or left:
            print(f'not ok - {job[0]}_runs_undisturbed')
            print(f'# status {status}, {said.strip()}, left {left}')
            continue
        wholes[job[0]] = whole
        for kind in options.kinds:
            if job[0] in DRAWS and kind not in DRAW_KINDS:
                continue
            calls = place.run(job, kind, 0, False)[4]
            cases += [(job, kind, n, persists)
                      for persists in ((False,) if kind in ONCE else (False, True))
                      for n in numbers(calls, options.all)]
    return cases


def main():
    options = arguments_read()
    program, shim = os.path.abspath(options.program), os.path.abspath(options.shim)
    inputs = tempfile.mkdtemp(prefix='torture.')
    places = []
    jobs = [job for job in JOBS if not options.jobs or job[0] in options.jobs.split(',')]
    try:
        inputs_make(program, shim, inputs)
        places = [Place(program, shim, inputs) for _ in range(options.workers)]
        idle = queue.Queue()
        for place in places:
            idle.put(place)
        wholes = {}
        cases = cases_list(options, places[0], jobs, wholes)

        def disturb(case):
            place = idle.get()
            try:
                return fault(place.run(*case), case[0], case[1], wholes[case[0][0]])
            finally:
                idle.put(place)

        with concurrent.futures.ThreadPoolExecutor(options.workers) as pool:
            faults = list(pool.map(disturb, cases))
    finally:
        for place in places:
            shutil.rmtree(place.folder, ignore_errors=True)
        shutil.rmtree(inputs, ignore_errors=True)
    return report(options, jobs, wholes, cases, faults)


def report(options, jobs, wholes, cases, faults):
    """A line of TAP for each job and kind."""
    failed = len(jobs) - len(wholes)
    number = failed
    for job in jobs:
        for kind in options.kinds:
            mine = [(case, bad) for case, bad in zip(cases, faults)
                    if case[0] == job and case[1] == kind]
            bad = [(case, what) for case, what in mine if what]
            if not mine:
                continue
            number += 1
            failed += bool(bad)
            title = f'{job[0]}: {KINDS[kind]} ({len(mine)} runs)'
            print(f'{"not ok" if bad else "ok"} {number} - {title}')
            for case, what in bad[:8]:
                print(f'# call {case[2]}{" and all after" if case[3] else ""}: {what}')
    print(f'# {len(cases)} runs')
    print(f'1..{number}')
    return failed > 0


if __name__ == '__main__':
    sys.exit(main())
