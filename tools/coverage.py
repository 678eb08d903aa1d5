#!/usr/bin/env python3
# coverage.py - do printed errors cover exact figures as often as they say?
# SPDX-License-Identifier: MIT
# Copyright (c) the noneq authors
"""Usage: coverage.py NONEQ EXACT [--seeds N] [--trajectories S]

NONEQ evaluates the models of tests/exact (EXACT is the folder of those programs, as build/release/
tests/exact), whose likelihoods are known, once for each seed. Prints for log p of the rows and for
their K: how many intervals of 95 % (1.96 printed errors) hold the exact figure, how often the error
was withheld, the mean of the misses in bits, and the spread over seeds against the printed error."""
import argparse
import json
import pathlib
import re
import statistics
import subprocess
import tempfile

LAWS = (("normal", "exact_gaussian", "rows.csv"), ("bits", "exact_bits", "some.csv"))


def ask(words, folder):
    done = subprocess.run([str(word) for word in words], cwd=folder, capture_output=True, text=True,
                          check=False)
    if not done.stdout:
        raise SystemExit(done.stderr)
    return done.stdout


def exact_figure(program, what, folder, printed):
    (folder / "printed").write_text(printed)
    return float(re.search(r"exactly (\S+),", ask([program, what, "printed"], folder)).group(1))


def tell(name, figures, exact):
    """figures: (value, error or None)."""
    printed = [(value, error) for value, error in figures if error is not None]
    print(f"{name}: {len(printed)} errors printed, {len(figures) - len(printed)} withheld")
    if len(printed) < 2:
        return
    inside = sum(abs(value - exact) <= 1.96 * error for value, error in printed)
    misses = [value - exact for value, _ in printed]
    own = statistics.stdev(misses) / len(printed) ** 0.5
    print(f"  {100 * inside / len(printed):.1f} % within 1.96 errors, mean miss "
          f"{statistics.mean(misses):+.4f} +- {own:.4f} bits, spread over seeds "
          f"{statistics.stdev(misses):.4f}, printed error "
          f"{statistics.mean(error for _, error in printed):.4f}")


def main():
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument("noneq", type=pathlib.Path)
    parser.add_argument("exact", type=pathlib.Path)
    parser.add_argument("--seeds", type=int, default=200)
    parser.add_argument("--trajectories", type=int, default=32)
    given = parser.parse_args()
    noneq = given.noneq.resolve()
    for name, program, rows in LAWS:
        program = given.exact.resolve() / program
        with tempfile.TemporaryDirectory() as made:
            folder = pathlib.Path(made)
            subprocess.run([program, "write"], cwd=folder, check=True)
            said = [ask([noneq, "eval", f"{name}.nq", rows, "--json", "--terms", "512", "--ais",
                         given.trajectories, "--seed", seed, "--threads", "1"], folder)
                    for seed in range(1, given.seeds + 1)]
            read = [json.loads(text) for text in said]
            tell(f"{name}, log p", [(one["ais"]["bits"], one["ais"].get("se")) for one in read],
                 exact_figure(program, "likelihood", folder, said[0]))
            tell(f"{name}, K", [(one["bound"]["bits"], one["bound"]["se"]) for one in read],
                 exact_figure(program, "bound", folder, said[0]))


main()
