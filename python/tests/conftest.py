"""conftest.py - small tables and the program, for all tests."""
# SPDX-License-Identifier: MIT
# Copyright (c) the noneq authors
import os
import shutil
import subprocess

import numpy as np
import pytest

FAST = {"updates": 40, "threads": 1}


@pytest.fixture(scope="session")
def fast():
    """Options of a model that is trained at once."""
    return dict(FAST)


@pytest.fixture(scope="session")
def numbers():
    """[300, 3] of correlated numbers."""
    rng = np.random.default_rng(5)
    rows = rng.normal(size=(300, 3))
    rows[:, 1] += rows[:, 0]
    return rows


@pytest.fixture(scope="session")
def frame():
    """A pandas frame of every kind of column, with gaps and an index."""
    pd = pytest.importorskip("pandas")
    rng = np.random.default_rng(6)
    n = 300
    day = pd.Timestamp("2024-01-01")
    return pd.DataFrame({
        "age": rng.integers(20, 60, n),
        "sex": rng.choice(["F", "M"], n),
        "amount": np.round(rng.normal(1000, 100, n), 2),
        "when": day + pd.to_timedelta(rng.integers(0, 300, n), unit="D"),
        "size": pd.Categorical(rng.choice(["S", "M", "L"], n), categories=["S", "M", "L"],
                               ordered=True),
        "kids": pd.array(np.where(rng.random(n) < .1, None, rng.integers(0, 5, n)), dtype="Int64"),
        "member": rng.random(n) < .3,
        "stamp": pd.Timestamp("2024-01-01", tz="UTC")
        + pd.to_timedelta(rng.integers(0, 300 * 86400, n), unit="s"),
        "weight": rng.normal(size=n).astype("f4"),
    }, index=[f"r{i}" for i in range(n)])


@pytest.fixture(scope="session")
def program():
    """Runs the program of the same build; skips where there is none."""
    path = os.environ.get("NONEQ") or shutil.which("noneq")
    if not path:
        pytest.skip("the program noneq is not there: set NONEQ")

    def run(*arguments):
        return subprocess.run([path, *map(str, arguments)], check=True, capture_output=True,
                              text=True).stdout
    return run
