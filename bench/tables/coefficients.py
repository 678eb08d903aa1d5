"""coefficients.py NAME NONEQ [--models B] [--draws M] [--seeds S] [OPTIONS OF noneq train] - do
intervals of regression coefficients from filled tables hold those of the complete table?

A part of the cells of a whole table is hidden at random; models are trained on what is left; the
gaps are filled M times; least squares of the table's target on all other columns is pooled by
`noneq pool`. Counted is how many of the coefficients of the complete table lie in the 95 %
intervals: the protocol of Jolicoeur-Martineau, Fatras and Kachman (AISTATS 2024). Prints JSON."""
# SPDX-License-Identifier: MIT
# Copyright (c) the noneq authors
import argparse
import json
import os
import subprocess
import sys
import tempfile

import numpy as np

import sets

HIDDEN = .2
LEARN = ("iris", "diabetes", "breast_cancer", "wine")  # of scikit-learn: "sklearn:NAME"


def table_read(name, most):
    """{name: texts}, {name: kind} and the target, without gaps and columns of one value."""
    if name.startswith("sklearn:"):
        import sklearn.datasets as learn
        data = getattr(learn, "load_" + name[8:])()
        columns = {f"x{i + 1}": data.data[:, i].round(6).astype(str) for i in range(data.data.shape[1])}
        columns["y"] = data.target.astype(str)
        target, codes = "y", ()
    else:
        names, train, test = sets.split(name)
        _, target, _, _, codes, _ = sets.SETS[name]
        columns = dict(zip(names, np.array(train + test, dtype=object).T))
    whole = ~np.any([[cell in sets.GAPS for cell in cells] for cells in columns.values()], 0)
    columns = {c: cells[whole][:most] for c, cells in columns.items()}
    columns = {c: cells for c, cells in columns.items() if len(set(cells)) > 1}
    kinds = {c: "category" if c in codes else sets.kind(cells) for c, cells in columns.items()}
    return columns, kinds, target


def complete(columns, kinds, target):
    """Coefficients by their names in the output of noneq pool, and how many deviations off zero."""
    names, parts = ["intercept"], [np.ones(len(columns[target]))]
    for c, cells in columns.items():
        if c == target:
            continue
        if kinds[c] != "category":
            names.append(c), parts.append(sets.numbers(cells))
            continue
        levels = sorted(set(cells), key=float) if numeric(cells) else sorted(set(cells))
        for level in levels[1:]:
            names.append(f"{c} = {level}"), parts.append((cells == level).astype(float))
    x = np.stack(parts, 1)
    b, _, rank, _ = np.linalg.lstsq(x, sets.numbers(columns[target]), rcond=None)
    if rank < x.shape[1]:
        raise SystemExit("coefficients of the complete table are not determined")
    return dict(zip(names, b))


def numeric(cells):
    return sets.kind(cells) != "category"


def run(noneq, *words):
    return subprocess.run([noneq, *map(str, words)], check=True, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, text=True).stdout


def once(columns, kinds, target, options, seed):
    truth = complete(columns, kinds, target)
    rng = np.random.default_rng(seed)
    gaps = {c: np.where(rng.random(len(cells)) < HIDDEN, "", cells) for c, cells in columns.items()}
    formula = f"{target} ~ " + " + ".join(
        f"factor({c})" if kinds[c] == "category" and numeric(columns[c]) else c
        for c in columns if c != target)
    common = ["--threads", "1", "-q", "--seed", seed]
    with tempfile.TemporaryDirectory() as folder:
        path = lambda name: os.path.join(folder, name)
        sets.rows_write(path("gaps.csv"), gaps)
        run(options.noneq, "train", path("gaps.csv"), "-o", path("m.nq"), "--models",
            options.models, *options.train, *common)
        models = [path(f"m.{b + 1}.nq") for b in range(options.models)]
        run(options.noneq, "impute", *models, path("gaps.csv"), "-n", options.draws, "-o",
            path("draws.csv"), *common)
        pooled = json.loads(run(options.noneq, "pool", path("draws.csv"), "--regress", formula,
                                "--json"))["answers"]
    held = {p["name"]: p["low"] <= truth[p["name"]] <= p["high"] for p in pooled}
    off = [abs(p["mean"] - truth[p["name"]]) / p["se"] for p in pooled if p["name"] != "intercept"]
    return dict(held=[held[name] for name in truth if name != "intercept"], off=float(np.mean(off)),
                by_gaps=float(np.mean([p["lambda"] for p in pooled])))


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("name")
    parser.add_argument("noneq")
    parser.add_argument("--models", type=int, default=5)
    parser.add_argument("--draws", type=int, default=20)
    parser.add_argument("--seeds", type=int, default=1)
    parser.add_argument("--rows", type=int, default=2000, help="of the table at most")
    options, options.train = parser.parse_known_args()
    table = table_read(options.name, options.rows)
    runs = [once(*table, options, seed + 1) for seed in range(options.seeds)]
    held = np.concatenate([one["held"] for one in runs])
    print(json.dumps(dict(name=options.name, rows=len(table[0][table[2]]), coefficients=len(held),
                          held=float(held.mean()), off=float(np.mean([r["off"] for r in runs])),
                          by_gaps=float(np.mean([r["by_gaps"] for r in runs])))))


if __name__ == "__main__":
    try:
        main()
    except subprocess.CalledProcessError as failure:
        sys.exit(failure.stderr.strip().splitlines()[-1])
