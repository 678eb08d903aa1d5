"""test_tables.py - frames and tables come back as they went in."""
# SPDX-License-Identifier: MIT
# Copyright (c) the noneq authors
import pickle

import numpy as np
import pytest

import noneq


@pytest.fixture(scope="module")
def model(frame):
    return noneq.Diffusion(updates=40, threads=1).fit(frame)


def test_unseen_cells_are_taken_as_missing(frame, fast):
    model = noneq.Diffusion(**fast).fit(frame)
    rows = frame.head(4).copy()
    rows["sex"] = ["F", "other", "M", "other"]
    rows.loc[rows.index[:2], "weight"] = np.nan
    with pytest.raises(noneq.NoneqError, match="unseen"):
        model.impute(rows)
    filled = model.impute(rows, unseen="missing")
    assert list(filled["sex"]) == ["F", "other", "M", "other"]
    assert filled["weight"].notna().all()
    whole = frame.head(2).assign(sex=["other", "F"])
    assert list(model.impute(whole)["sex"]) == ["other", "F"]


def test_texts_that_a_file_alone_has_are_refused(tmp_path, fast):
    (tmp_path / "x.csv").write_text("a,b\n" + "u,1\nv,2.5\n" * 60)
    (tmp_path / "y.csv").write_text("a,b\nw,1\n")
    model = noneq.Diffusion(**fast).fit(tmp_path / "x.csv")
    with pytest.raises(noneq.errors.UnsupportedError, match="row 1, column 1 has a text"):
        model.impute(tmp_path / "y.csv")


def test_samples_of_a_frame_have_its_columns_and_dtypes(model, frame):
    drawn = model.sample(50)
    assert list(drawn.columns) == list(frame.columns)
    assert (drawn.dtypes == frame.dtypes).all()
    assert set(drawn["sex"]) <= {"F", "M"}
    assert drawn["when"].min() >= frame["when"].min()
    assert np.allclose(drawn["amount"], drawn["amount"].round(2))


def test_filling_a_frame_keeps_what_is_known(model, frame):
    gaps = frame.copy()
    gaps.loc[gaps.index[::3], "sex"] = None
    gaps.loc[gaps.index[::4], "kids"] = None
    gaps.loc[gaps.index[5], "when"] = None
    gaps.loc[gaps.index[6], "size"] = None
    gaps.loc[gaps.index[7], "stamp"] = None
    gaps["note"] = [f"person {i}" for i in range(len(gaps))]  # the model does not know it
    filled = model.impute(gaps)
    assert list(filled.columns) == list(gaps.columns)
    assert (filled.dtypes == gaps.dtypes).all()
    assert (filled.index == gaps.index).all()
    known = gaps.notna()
    for name in gaps:
        assert (filled.loc[known[name], name] == gaps.loc[known[name], name]).all()
    assert not filled[["sex", "when", "size", "stamp"]].isna().any().any()


def test_several_draws_are_several_tables(model, frame):
    gaps = frame.copy()
    gaps.loc[gaps.index[:40], "age"] = None
    tables = model.impute(gaps, draws=3)
    assert len(tables) == 3
    assert any((tables[0]["age"] != other["age"]).any() for other in tables[1:])
    low, high = model.impute(gaps.head(40), draws=40, quantiles=[.1, .9])
    assert (low["age"] <= high["age"]).all()


def test_conditions_are_met(model):
    drawn = model.sample(30, given={"age": (30, 40), "sex": "F"})
    assert drawn["age"].between(30, 40).all() and (drawn["sex"] == "F").all()
    assert model.given_.log_evidence < 0


def test_scores_match_columns_by_name(model, frame):
    other = frame[list(reversed(frame.columns))]
    assert np.array_equal(model.score_samples(frame, terms=20),
                          model.score_samples(other, terms=20))


def test_a_column_that_is_not_there_is_named(model, frame):
    with pytest.raises(noneq.errors.ShapeError, match="age"):
        model.score_samples(frame.drop(columns="age"))


def test_an_estimator_can_be_pickled(model):
    other = pickle.loads(pickle.dumps(model))
    assert other.sample(9).equals(model.sample(9))


def test_an_impossible_row_is_minus_infinity(model, frame):
    rows = frame.head(4).copy()
    rows["sex"] = ["F", "X", "M", "F"]
    with pytest.warns(noneq.NoneqWarning):
        found = model.score_samples(rows)
    assert np.isneginf(found[1]) and np.isfinite(found[[0, 2, 3]]).all()


def test_text_that_hardly_repeats_is_left_out(frame, caplog):
    rows = frame.assign(name=[f"name {i}" for i in range(len(frame))])
    model = noneq.Diffusion(updates=2, threads=1).fit(rows)
    assert "name" not in model.feature_names_in_ or "name" not in model.sample(2)
    assert "left out" in caplog.text


def test_objects_of_an_array_come_back(fast):
    rng = np.random.default_rng(2)
    rows = np.empty((120, 2), object)
    rows[:, 0] = rng.choice(["a", "b"], 120)
    rows[:, 1] = rng.integers(0, 9, 120)
    rows[4, 0] = None
    model = noneq.Diffusion(**fast).fit(rows)
    assert set(model.sample(40)[:, 0]) <= {"a", "b", None}
    assert model.impute(rows)[4, 0] in ("a", "b")


@pytest.mark.parametrize("library", ["polars", "pyarrow"])
def test_arrow_tables_come_back(library, fast):
    module = pytest.importorskip(library)
    rng = np.random.default_rng(3)
    n = 200
    columns = {"n": [int(v) for v in rng.integers(0, 1000, n)],
               "x": [float(v) for v in rng.normal(size=n)],
               "text": [str(v) for v in rng.choice(["left", "right", "in the middle of it"], n)],
               "gap": [None if i % 7 == 0 else int(v) for i, v in enumerate(rng.integers(0, 4, n))],
               "ok": [bool(v) for v in rng.random(n) < .5]}
    table = module.DataFrame(columns) if library == "polars" else module.table(columns)
    model = noneq.Diffusion(**fast).fit(table)
    drawn = model.sample(30)
    assert type(drawn) is type(table)
    assert drawn.schema == table.schema
    filled = model.impute(table)
    assert filled.schema == table.schema
    assert (filled["gap"].null_count() if library == "polars" else filled["gap"].null_count) == 0
    assert filled["text"].to_list() == columns["text"] if library == "polars" \
        else filled["text"].to_pylist() == columns["text"]
    assert np.isfinite(model.score_samples(table)).all()


def test_types_of_polars_come_back(fast):
    polars = pytest.importorskip("polars")
    rng = np.random.default_rng(8)
    n = 200
    day = np.datetime64("2024-01-01")
    table = polars.DataFrame({
        "day": polars.Series(day + rng.integers(0, 300, n)).cast(polars.Date),
        "time": polars.Series(day.astype("datetime64[us]")
                              + rng.integers(0, 10**7, n) * np.timedelta64(1, "s")),
        "town": polars.Series(rng.choice(["Bern", "Oslo"], n)).cast(polars.Categorical),
        "size": polars.Series(rng.choice(["S", "M", "L"], n)).cast(polars.Enum(["S", "M", "L"])),
        "few": polars.Series(rng.integers(0, 50, n), dtype=polars.Int8),
        "gap": polars.Series([None if i % 9 == 0 else i % 4 for i in range(n)],
                             dtype=polars.UInt16),
        "weight": polars.Series(rng.normal(size=n), dtype=polars.Float32),
    })
    model = pickle.loads(pickle.dumps(noneq.Diffusion(**fast).fit(table)))
    assert model.sample(20).schema == table.schema
    filled = model.impute(table)
    assert filled.schema == table.schema and filled["gap"].null_count() == 0
    assert filled.drop("gap").equals(table.drop("gap"))


def test_a_table_without_a_library_is_taken(fast):
    pyarrow = pytest.importorskip("pyarrow")

    class Foreign:  # pylint: disable=too-few-public-methods
        """Only the interface."""

        def __init__(self, table):
            self._table = table

        def __arrow_c_stream__(self, requested_schema=None):
            return self._table.__arrow_c_stream__(requested_schema)

    rng = np.random.default_rng(4)
    table = pyarrow.table({"a": rng.normal(size=150), "b": rng.choice(["x", "y"], 150)})
    model = noneq.Diffusion(**fast).fit(Foreign(table))
    back = pyarrow.table(model.sample(8))
    assert back.num_rows == 8 and back.column_names == ["a", "b"]


def test_no_copy_is_made_of_float64(numbers):
    from noneq import _tables  # noqa: PLC0415
    from noneq._library import Context  # noqa: PLC0415
    table = _tables.ArrayTable(numbers, {})
    with Context(1) as context, table.open(context) as rows:
        assert all(np.shares_memory(part, numbers) for part in rows._kept
                   if isinstance(part, np.ndarray))
