"""test_refusals.py - what cannot be done right is refused in a sentence, and not in silence."""
# SPDX-License-Identifier: MIT
# Copyright (c) the noneq authors
import numpy as np
import pytest

import noneq
from noneq.errors import ArgumentError, FormatError, ShapeError


def objects(*columns):
    out = np.empty((len(columns[0]), len(columns)), object)
    for i, column in enumerate(columns):
        out[:, i] = column
    return out


@pytest.mark.parametrize("options, message", [
    ({"types": {"agee": "whole"}}, "no column 'agee'"),
    ({"types": "agee=whole"}, "no column 'agee'"),
    ({"drop": "age"}, "drop is for data files"),
    ({"separator": ";"}, "separator is for data files"),
])
def test_options_that_would_do_nothing(frame, options, message):
    with pytest.raises(ArgumentError, match=message):
        noneq.Diffusion(updates=2, **options).fit(frame)


def test_types_of_an_array_are_told_by_place(numbers):
    with pytest.raises(ArgumentError, match="no column '3'"):
        noneq.Diffusion(updates=2, types={"3": "real"}).fit(numbers)


def test_numbers_of_numpy_are_options(numbers):
    options = {"dropout": np.float64(.1), "updates": np.int64(2), "rate": np.float32(.001)}
    assert noneq.Diffusion(**options).fit(numbers).training_["updates"] == 2


@pytest.mark.parametrize("cells, error, message", [
    ([2**60 + 1] * 20 + [3] * 20, ShapeError, "2\\^53|53"),
    ([10**30] * 20 + [3] * 20, FormatError, "large|2\\^53"),
    (["1", 2] * 20, TypeError, "int, str"),
    ([b"a", b"b"] * 20, TypeError, "bytes"),
    (["a\0b", "a"] * 20, FormatError, "zero character"),
    ([[1], [2]] * 20, TypeError, "list"),
])
def test_objects_that_are_no_cells(cells, error, message):
    rows = np.empty((40, 2), object)
    for i, cell in enumerate(cells):
        rows[i, 0] = cell
    rows[:, 1] = np.arange(40) % 5
    with pytest.raises(error, match=message):
        noneq.Diffusion(updates=2, threads=1).fit(rows)


def test_an_eleven_digit_id_stays_whole():
    ids = [int(v) for v in 12345678900 + np.arange(120) % 7]
    rows = objects(ids, [str(i % 3) for i in range(120)])
    model = noneq.Diffusion(updates=5, threads=1).fit(rows)
    assert set(model.sample(30)[:, 0]) <= set(ids)


def test_a_column_of_ids_of_objects_is_left_out_and_carried():
    names = [f"person {i}" for i in range(120)]
    rows = objects(names, [i % 4 for i in range(120)], ["a", "b", None] * 40)
    model = noneq.Diffusion(updates=5, threads=1).fit(rows)
    assert model.n_features_in_ == 3 and model.sample(4).shape == (4, 2)
    filled = model.impute(rows)
    assert list(filled[:, 0]) == names and set(filled[:, 2]) == {"a", "b"}
    assert np.isfinite(model.score_samples(rows)).all()


def test_a_column_of_an_array_without_values(numbers):
    rows = numbers.copy()
    rows[:, 1] = np.nan
    with pytest.raises((ShapeError, FormatError), match="column 2"):
        noneq.Diffusion(updates=2, threads=1).fit(rows)


def test_features_are_those_of_the_frame(frame):
    rows = frame.assign(name=[f"name {i}" for i in range(len(frame))])
    model = noneq.Diffusion(updates=2, threads=1).fit(rows)
    assert model.n_features_in_ == rows.shape[1]
    assert list(model.feature_names_in_) == list(rows.columns)


def test_hold_out_rows_in_every_form(tmp_path, numbers):
    np.save(tmp_path / "v.npy", numbers[200:])
    by = [noneq.Diffusion(updates=20, threads=1, valid=valid).fit(numbers[:200]).training_
          for valid in (numbers[200:], tmp_path / "v.npy", str(tmp_path / "v.npy"))]
    assert by[0]["best_bound"] == by[1]["best_bound"] == by[2]["best_bound"]
    parts = [noneq.Diffusion(updates=20, threads=1, valid=part).fit(numbers).training_
             for part in (.3, "0.3")]
    assert parts[0]["best_bound"] == parts[1]["best_bound"]


def test_known_cells_of_arrow_tables_keep_their_digits(fast):
    pyarrow = pytest.importorskip("pyarrow")
    rng = np.random.default_rng(9)
    money = np.round(rng.uniform(0, 1000, 300), 2)
    table = pyarrow.table({"a": money, "b": rng.integers(0, 5, 300)})
    model = noneq.Diffusion(**fast).fit(table)
    cells = [None if i % 4 == 0 else float(v) + .0009765625 for i, v in enumerate(money[:40])]
    filled = model.impute(pyarrow.table({"a": cells, "b": rng.integers(0, 5, 40)}))
    for before, after in zip(cells, filled["a"].to_pylist()):
        assert after == before if before is not None else after == round(after, 2)
