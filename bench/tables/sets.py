"""sets.py NAME FOLDER - writes train.csv, test.csv and about.json of a table of the bench.

Cells stay the texts that they are in the source, because their decimals say what a column is.
"generated:ROWS" is drawn by generate.py; the others are looked for in $NONEQ_DATA/tables."""
# SPDX-License-Identifier: MIT
# Copyright (c) the noneq authors
import csv
import gzip
import json
import os
import sys

import numpy as np

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")
SEED = 20150706  # of the shuffle before a split
GAPS = ("", "?", "NA", "nan")
WINE = ("fixed_acidity volatile_acidity citric_acid sugar chlorides free_so2 total_so2 density pH "
        "sulphates alcohol quality").split()
ABALONE = "sex length diameter height whole shucked viscera shell rings".split()
CONCRETE = "cement slag ash water plasticizer coarse fine age strength".split()
CODES_GERMAN = [f"c{i}" for i in range(1, 18) if i not in (2, 5, 13)]
CODES_STUDENT = [f"c{i}" for i in range(1, 17)]

# File, what is predicted and how, training and test rows (None: four fifths, and the rest), columns
# whose numbers are codes, names where the file has none. A file with .train in its name is split.
SETS = {
    "adult": ("adult.csv.gz", "Salary", "class", (8000, 4000), [], None),
    "adult-all": ("adult.csv.gz", "Salary", "class", None, [], None),
    "california": ("california.csv.gz", "median_house_value", "number", (8000, 4000), [], None),
    "abalone": ("igrm_abalone.txt", "rings", "number", None, ["sex"], ABALONE),
    "wine": ("wine.txt", "quality", "number", None, [], WINE),
    "concrete": ("concrete.txt", "strength", "number", None, [], CONCRETE),
    "german": ("german.train.csv.gz", "c1", "class", None, CODES_GERMAN, None),
    "student": ("student.train.csv.gz", "c20", "number", None, CODES_STUDENT, None),
    "chess": ("chess.train.csv.gz", "c7", "class", None, ["c7"], None),
}


def folder():
    data = os.environ.get("NONEQ_DATA") or os.path.join(ROOT, "..", "shared", "data")
    return os.path.join(data, "tables")


def lines_read(path, names=None):
    """Names, and the cells as lists of texts."""
    with (gzip.open if path.endswith(".gz") else open)(path, "rt", newline="") as file:
        if path.endswith(".txt"):
            return names, [line.split() for line in file if line.strip()]
        rows = [[cell.strip() for cell in row] for row in csv.reader(file, skipinitialspace=True)]
    return rows[0], [row for row in rows[1:] if row]


def rows_read(path, names=None, most=None):
    """{name: array of texts} of a CSV file, its columns in the order of names."""
    with open(path, newline="") as file:
        reader = csv.reader(file)
        head = next(reader)
        rows = [row for _, row in zip(range(most or sys.maxsize), reader)]
    columns = dict(zip(head, np.array(rows, dtype=object).reshape(len(rows), len(head)).T))
    return {name: columns[name] for name in names or head}


def rows_write(path, columns):
    """The same back, whatever the columns are."""
    with open(path, "w", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows(zip(*columns.values()))


def numbers(cells):
    """Gaps are nan."""
    return np.array([np.nan if cell in GAPS else float(cell) for cell in cells])


def kind(cells):
    try:
        return "category" if np.isnan(numbers(cells)).all() else "number"
    except ValueError:
        return "category"


def split(name):
    """Names, training and test rows."""
    file, _, _, sizes, _, names = SETS[name]
    path = os.path.join(folder(), file)
    names, rows = lines_read(path, names)
    if ".train." in file:
        more = [lines_read(path.replace(".train.", part))[1] for part in (".valid.", ".test.")]
        return names, rows + more[0], more[1]
    order = np.random.default_rng(SEED).permutation(len(rows))
    train, test = sizes or (len(rows) * 4 // 5, len(rows))
    rows = [rows[i] for i in order]
    return names, rows[:train], rows[train:train + test]


def about(columns, target, task, codes=(), **more):
    kinds = {name: "category" if name in codes else kind(cells) for name, cells in columns.items()}
    return dict(kinds=kinds, target=target, task=task, **more)


def write(name, out):
    if name.startswith("generated:"):
        import generate
        facts = generate.write(int(name.split(":")[1]), out)
    else:
        names, train, test = split(name)
        _, target, task, _, codes, _ = SETS[name]
        for part, rows in ("train", train), ("test", test):
            rows_write(os.path.join(out, part + ".csv"), dict(zip(names, zip(*rows))))
        facts = about(dict(zip(names, zip(*(train + test)))), target, task, codes,
                      train=len(train), test=len(test))
    with open(os.path.join(out, "about.json"), "w") as file:
        json.dump(facts, file, indent=1)


if __name__ == "__main__":
    write(*sys.argv[1:])
