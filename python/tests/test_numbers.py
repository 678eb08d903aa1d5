"""test_numbers.py - Python and the program give the same bytes."""
# SPDX-License-Identifier: MIT
# Copyright (c) the noneq authors
import csv

import numpy as np
import pytest

import noneq


def test_an_array_gives_the_model_of_its_npy_file(tmp_path, numbers, fast, program):
    np.save(tmp_path / "x.npy", numbers)
    program("train", tmp_path / "x.npy", "--updates", 40, "--quiet", "-o", tmp_path / "x.nq")
    model = noneq.Diffusion(**fast).fit(numbers)
    model.save(tmp_path / "y.nq")
    assert (tmp_path / "x.nq").read_bytes() == (tmp_path / "y.nq").read_bytes()


def test_samples_are_those_of_the_program(tmp_path, numbers, fast, program):
    model = noneq.Diffusion(**fast).fit(numbers)
    model.save(tmp_path / "m.nq")
    program("sample", tmp_path / "m.nq", "-n", 50, "-o", tmp_path / "s.npy", "--quiet")
    assert np.array_equal(model.sample(50), np.load(tmp_path / "s.npy"))


def test_a_frame_gives_the_model_of_its_csv_file(tmp_path, fast, program):
    pd = pytest.importorskip("pandas")
    rng = np.random.default_rng(1)
    frame = pd.DataFrame({"a": rng.integers(0, 90, 250), "b": rng.choice(["x", "y", "z"], 250),
                          "c": np.round(rng.normal(size=250), 3)})
    frame.loc[::9, "b"] = None
    frame.to_csv(tmp_path / "x.csv", index=False)
    program("train", tmp_path / "x.csv", "--updates", 40, "--quiet", "-o", tmp_path / "x.nq")
    noneq.Diffusion(**fast).fit(frame).save(tmp_path / "y.nq")
    noneq.Diffusion(**fast).fit(tmp_path / "x.csv").save(tmp_path / "z.nq")
    assert (tmp_path / "x.nq").read_bytes() == (tmp_path / "z.nq").read_bytes()
    # A text says how many decimals its numbers were written with, a frame does not.
    written = (tmp_path / "x.nq").read_bytes().replace(rb'decimals_least\":1', rb'decimals_least\":0')
    assert written == (tmp_path / "y.nq").read_bytes()


def test_scores_are_those_of_the_program(tmp_path, numbers, fast, program):
    model = noneq.Diffusion(**fast).fit(numbers)
    model.save(tmp_path / "m.nq")
    np.save(tmp_path / "x.npy", numbers)
    program("score", tmp_path / "m.nq", tmp_path / "x.npy", "--units", "data", "-o",
            tmp_path / "s.csv", "--quiet")
    with open(tmp_path / "s.csv", encoding="ascii") as file:
        nats = [float(row["bound_nats"]) for row in csv.DictReader(file)]
    assert np.allclose(model.score_samples(numbers), nats, rtol=1e-9)


@pytest.mark.filterwarnings("ignore::noneq.NoneqWarning")
def test_scores_of_normal_rows_are_near_their_density():
    rng = np.random.default_rng(3)
    rows = rng.normal(2, 3, size=(1000, 1))
    model = noneq.Diffusion(updates=600, steps=60, hidden="32,32").fit(rows)
    truth = -.5 * np.log(2 * np.pi * 9) - (rows[:, 0] - 2) ** 2 / 18
    found, se = model.score_samples(rows, ais=16, return_se=True)
    assert abs(found.mean() - truth.mean()) < .08
    assert se.shape == found.shape
    assert model.score(rows, terms=200) < found.mean() + .02


def test_threads_change_nothing(numbers):
    one = noneq.Diffusion(updates=20, threads=1).fit(numbers)
    two = noneq.Diffusion(updates=20, threads=2).fit(numbers)
    assert np.array_equal(one.sample(20), two.sample(20))


def test_a_loaded_model_is_the_saved_one(tmp_path, numbers, fast):
    model = noneq.Diffusion(**fast).fit(numbers)
    model.save(tmp_path / "m.nq")
    other = noneq.Diffusion.load(tmp_path / "m.nq")
    assert np.array_equal(other.sample(5), model.sample(5))
    assert other.describe()["training"]["updates"] == "40"
