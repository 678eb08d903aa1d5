"""adult.py [TABLE.csv] - from a CSV file to new rows, with figures of how good they are.

Without a file a small table like UCI's Adult is made up.
"""
# SPDX-License-Identifier: MIT
# Copyright (c) the noneq authors
import sys
import tempfile
from pathlib import Path

import numpy as np

import noneq


def made_up(path, rows=1500):
    """People with an age, a job, hours, and an income that goes with them."""
    rng = np.random.default_rng(0)
    age = rng.integers(17, 80, rows)
    job = rng.choice(["Sales", "Craft-repair", "Exec-managerial", "?"], rows, p=[.35, .35, .2, .1])
    hours = np.where(rng.random(rows) < .5, 40, rng.integers(5, 80, rows))
    gain = np.where(rng.random(rows) < .9, 0, rng.integers(1000, 20000, rows))
    rich = rng.random(rows) < 1 / (1 + np.exp(4 - .04 * age - 1.5 * (job == "Exec-managerial")))
    with open(path, "w", encoding="ascii") as file:
        file.write("age,occupation,capital-gain,hours-per-week,income\n")
        for row in zip(age, job, gain, hours, np.where(rich, ">50K", "<=50K")):
            file.write(",".join(map(str, row)) + "\n")
    return path


def main(arguments):
    """Fits, draws, and says how the draws compare."""
    folder = Path(tempfile.mkdtemp())
    short = not arguments
    path = arguments[0] if arguments else made_up(folder / "people.csv")
    model = noneq.Diffusion(updates=300 if short else None)
    model.fit(path)
    print(model.eval(path, max_rows=500))
    rows = model.sample(1000)  # a table that pandas, polars and pyarrow take
    print(len(rows), "rows of", ", ".join(rows.columns))
    try:
        import pyarrow  # noqa: PLC0415
        print(pyarrow.table(rows).slice(0, 3).to_pylist())
    except ImportError:
        print(rows.numpy()[:3])
    few = model.sample(5, given={"age": (30, 40), "income": ">50K"})
    print("of age 30 to 40 with a high income:", np.exp(model.given_.log_evidence), "of all;",
          len(few), "such rows were drawn")


if __name__ == "__main__":
    main(sys.argv[1:])
