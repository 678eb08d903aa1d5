"""run.py - trains noneq on each set of bits that a folder holds, with no options, and measures it on
the set's test rows: K, the likelihood, and a Chow-Liu tree beside it."""
# SPDX-License-Identifier: MIT
# Copyright (c) the noneq authors
import argparse
import glob
import gzip
import json
import math
import os
import re
import shlex
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
from report import machine

PARTS = ("ts", "valid", "test")


def parse():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--noneq", required=True)
    parser.add_argument("--folder", required=True, help="NAME.ts.data[.gz], .valid., .test.")
    parser.add_argument("--sets", default="", help="names with commas; default: all")
    parser.add_argument("--ais", type=int, default=8, help="trajectories of a row")
    parser.add_argument("--work", type=float, default=5e5,
                        help="most trajectories of a set; the rows are then fewer")
    parser.add_argument("--terms", type=float, default=2e6, help="of K, over all rows")
    parser.add_argument("--out", required=True)
    parser.add_argument("--keep", action="store_true", help="go on with what the file has")
    options = parser.parse_args()
    found = sets(options.folder)
    options.sets = options.sets.split(",") if options.sets else found
    unknown = [name for name in options.sets if name not in found]
    if unknown or not found:
        parser.error(f"no such set in {options.folder}: {', '.join(unknown) or '*.ts.data'}")
    options.train = shlex.split(os.environ.get("NONEQ_TRAIN_OPTIONS", ""))
    return options


def sets(folder):
    """Names of those that have all three files."""
    names = {re.sub(r"\.ts\.data(\.gz)?$", "", os.path.basename(path))
             for path in glob.glob(os.path.join(folder, "*.ts.data*"))}
    return sorted(name for name in names if all(file_of(folder, name, part) for part in PARTS))


def file_of(folder, name, part):
    paths = [os.path.join(folder, f"{name}.{part}.data{end}") for end in ("", ".gz")]
    return next((path for path in paths if os.path.exists(path)), None)


def rows_of(path):
    with (gzip.open if path.endswith(".gz") else open)(path, "rt") as file:
        return [line.strip().split(",") for line in file if line.strip()]


def chow_liu(train, test):
    """Mean log likelihood of test rows by the tree of largest mutual information (Chow and Liu
    1968), every cell of a pair's table with one row more. Rows are lists of "0" and "1"."""
    rows, columns = len(train), range(len(train[0]))
    column = [int("".join(row[c] for row in train), 2) for c in columns]
    ones = [bin(x).count("1") for x in column]

    def pair(i, j):
        both = bin(column[i] & column[j]).count("1")
        counts = ((rows - ones[i] - ones[j] + both, ones[j] - both), (ones[i] - both, both))
        return [[(n + 1) / (rows + 4) for n in line] for line in counts]

    def alone(i):
        return [(rows - ones[i] + 2) / (rows + 4), (ones[i] + 2) / (rows + 4)]

    def information(i, j):
        law, a, b = pair(i, j), alone(i), alone(j)
        return sum(law[x][y] * math.log(law[x][y] / (a[x] * b[y])) for x in (0, 1) for y in (0, 1))

    first = alone(0)
    total = sum(math.log(first[int(row[0])]) for row in test)
    best = {i: (information(0, i), 0) for i in columns if i}
    while best:
        i = max(best, key=lambda c: best[c][0])
        j = best.pop(i)[1]
        law, a = pair(j, i), alone(j)
        given = {(str(x), str(y)): math.log(law[x][y] / a[x]) for x in (0, 1) for y in (0, 1)}
        total += sum(given[row[j], row[i]] for row in test)
        for c in best:
            best[c] = max(best[c], (information(i, c), i), key=lambda pair: pair[0])
    return total / len(test)


def call(command):
    process = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True)
    if process.returncode:
        words = process.stderr.strip().splitlines() or [f"status {process.returncode}"]
        sys.exit(f"{shlex.join(command)}: {words[-1]}")
    return process.stdout


def nats_of(bits):
    """None: an error that was withheld."""
    return None if bits is None else bits * math.log(2)


def measure(options, name):
    train, valid, test = (file_of(options.folder, name, part) for part in PARTS)
    rows = rows_of(test)
    with tempfile.TemporaryDirectory() as folder:
        model = os.path.join(folder, "model.nq")
        began, before = time.time(), os.times()
        call([options.noneq, "train", train, "--valid", valid, "-o", model, "-q", *options.train])
        seconds, after = time.time() - began, os.times()
        evaluate = [options.noneq, "eval", model, test, "--json", "--terms"]
        terms = str(min(max(int(options.terms / len(rows)), 32), 4096))
        likelihood = ["--ais", str(options.ais)]
        most = max(int(options.work / options.ais), 1)
        bound = ais = json.loads(call(
            [*evaluate, terms, *(likelihood if len(rows) <= most else [])]))
        if len(rows) > most:
            ais = json.loads(call([*evaluate, "32", *likelihood, "--max-rows", str(most)]))
        about = json.loads(call([options.noneq, "info", model, "--json"]))
    result = {"rows": len(rows), "columns": len(rows[0]), "K": bound["bound"]["nats"],
              "se": nats_of(bound["bound"]["se"]),
              "se_rows": nats_of(bound["bound"]["se_rows"]),
              "ais": ais["ais"]["nats"], "ais_se": nats_of(ais["ais"]["se"]),
              "ais_rows": ais["rows"], "khat": ais["ais"]["khat"], "trust": ais["ais"]["trust"],
              "lower": nats_of(ais["ais"]["lower_bits"]), "samples": options.ais,
              "tree": bound.get("exact", {}).get("nats"),
              "chow_liu": chow_liu(rows_of(train), rows), "seconds": seconds,
              "processor": sum(after[2:4]) - sum(before[2:4]),
              "options": about.get("options", {})}
    return result


def main():
    options = parse()
    results = {"machine": machine(), "train": options.train, "date": time.strftime("%Y-%m-%d"),
               "version": call([options.noneq, "--version"]).strip(), "sets": {}}
    if options.keep and os.path.exists(options.out):
        with open(options.out) as file:
            results["sets"] = json.load(file)["sets"]
    for name in options.sets:
        if name in results["sets"]:
            continue
        result = results["sets"][name] = measure(options, name)
        print(f"{name}: K {result['K']:.3f}, likelihood {result['ais']:.3f}, "
              f"{result['seconds']:.0f} s", file=sys.stderr)
        with open(options.out, "w") as file:
            json.dump(results, file, indent=1)


if __name__ == "__main__":
    main()
