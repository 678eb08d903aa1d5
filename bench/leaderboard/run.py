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

import numpy as np

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
from report import machine

PARTS = ("ts", "valid", "test")


def parse():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--noneq", required=True)
    parser.add_argument("--folder", required=True, help="NAME.ts.data[.gz], .valid., .test.")
    parser.add_argument("--sets", default="", help="names with commas; default: all")
    parser.add_argument("--ais", type=int, default=8, help="trajectories of a row")
    parser.add_argument("--work", type=float, default=4e6,
                        help="most trajectories of a set; the rows are then fewer")
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
        return np.loadtxt(file, delimiter=",", dtype=np.float64, ndmin=2)


def chow_liu(train, test):
    """Mean log likelihood of test rows by the tree of largest mutual information (Chow and Liu
    1968), every cell of a pair's table with one row more."""
    rows, columns = train.shape
    both = train.T @ train
    ones = np.diag(both)
    pair = np.empty((2, 2, columns, columns))
    pair[1, 1] = both
    pair[1, 0] = ones[:, None] - both
    pair[0, 1] = ones[None, :] - both
    pair[0, 0] = rows - ones[:, None] - ones[None, :] + both
    pair = (pair + 1) / (rows + 4)
    one = np.stack([rows - ones + 2, ones + 2]) / (rows + 4)
    information = sum(pair[a, b] * np.log(pair[a, b] / (one[a][:, None] * one[b][None, :]))
                      for a in (0, 1) for b in (0, 1))
    test = test.astype(int)
    parent, best = np.zeros(columns, int), information[0].copy()
    outside = np.arange(columns) > 0
    total = np.log(one[test[:, 0], 0])
    while outside.any():
        i = int(np.argmax(np.where(outside, best, -np.inf)))
        j = parent[i]
        total += np.log(pair[test[:, j], test[:, i], j, i] / one[test[:, j], j])
        outside[i] = False
        nearer = outside & (information[i] > best)
        best[nearer], parent[nearer] = information[i][nearer], i
    return float(total.mean())


def call(command):
    process = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True)
    if process.returncode:
        words = process.stderr.strip().splitlines() or [f"status {process.returncode}"]
        sys.exit(f"{shlex.join(command)}: {words[-1]}")
    return process.stdout


def measure(options, name):
    train, valid, test = (file_of(options.folder, name, part) for part in PARTS)
    rows = rows_of(test)
    with tempfile.TemporaryDirectory() as folder:
        model = os.path.join(folder, "model.nq")
        began, before = time.time(), os.times()
        call([options.noneq, "train", train, "--valid", valid, "-o", model, "-q", *options.train])
        seconds, after = time.time() - began, os.times()
        bound = json.loads(call([options.noneq, "eval", model, test, "--json"]))
        most = max(int(options.work / options.ais), 1)
        ais = json.loads(call([options.noneq, "eval", model, test, "--json", "--terms", "64",
                               "--ais", str(options.ais), "--max-rows", str(most)]))
        about = json.loads(call([options.noneq, "info", model, "--json"]))
    nats = math.log(2)
    result = {"rows": len(rows), "columns": rows.shape[1], "K": bound["bound"]["nats"],
              "se": bound["bound"]["se"] * nats, "se_rows": bound["bound"]["se_rows"] * nats,
              "ais": ais["ais"]["nats"], "ais_se": ais["ais"]["se"] * nats,
              "ais_rows": ais["rows"], "khat": ais["ais"]["khat"], "trust": ais["ais"]["trust"],
              "lower": ais["ais"]["lower_bits"] * nats, "samples": options.ais,
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
