"""test_evidence.py - what is known of rows, multiplied with a model, and holes of pictures."""
# SPDX-License-Identifier: MIT
# Copyright (c) the noneq authors
import numpy as np
import pytest

import noneq
from noneq import evidence
from noneq.errors import ArgumentError, ShapeError, UnsupportedError

SMALL = {"regressor": "image", "hidden": "none", "layers": 1, "scales": 2, "channels": 4,
         "pixel_hidden": "4", "bumps": 2, "steps": 12, "updates": 30, "batch": 32, "roles": 1,
         "scale": "whole", "threads": 1}


@pytest.fixture(scope="module")
def normal():
    """A model of two correlated numbers whose law is known, and that law."""
    covariance = np.array([[1., .6], [.6, 1.]])
    rows = np.random.default_rng(8).multivariate_normal([1, 2], covariance, 4000)
    return noneq.Diffusion(updates=600, steps=60, hidden="32,32", roles=1).fit(rows), covariance


@pytest.fixture(scope="module")
def table():
    """A model of a frame, and the frame."""
    pd = pytest.importorskip("pandas")
    rng = np.random.default_rng(9)
    sex = rng.choice(["F", "M"], 1500, p=[.3, .7])
    frame = pd.DataFrame({"sex": sex, "age": rng.integers(20, 60, 1500) + 10 * (sex == "F"),
                          "height": rng.normal(170, 9, 1500)})
    return noneq.Diffusion(updates=400).fit(frame), frame


@pytest.fixture(scope="module")
def pictures(tmp_path_factory, program):
    """Files of models of pictures of 16 x 16, and of means of 2 x 2."""
    folder = tmp_path_factory.mktemp("pictures")
    program("data", "deadleaves", "-n", 12, "--size", 32, "-o", folder / "leaves.npy")
    noneq.Diffusion(image="16x16", **SMALL).fit(folder / "leaves.npy").save(folder / "m.nq")
    noneq.Diffusion(image="16x16", reduce=2, **SMALL).fit(folder / "leaves.npy").save(
        folder / "half.nq")
    return folder


def law_given(y, sigma, covariance):
    """Mean, covariance and log probability of the observations of x ~ N((1, 2), C)."""
    gain = covariance @ np.linalg.inv(covariance + np.diag(sigma**2))
    gap = y - [1, 2]
    total = covariance + np.diag(sigma**2)
    log = -.5 * (gap @ np.linalg.solve(total, gap) + np.log(np.linalg.det(2 * np.pi * total)))
    return np.array([1, 2]) + gain @ gap, covariance - gain @ covariance, log


def test_noisy_cells_give_the_law_of_theory(normal):
    model, covariance = normal
    y, sigma = np.array([2., 1.5]), np.array([.5, .8])
    mean, spread, log = law_given(y, sigma, covariance)
    rows = model.posterior(evidence.noisy(y, sigma), draws=4000, method="particles")
    assert np.abs(rows.mean(0) - mean).max() < .08
    assert np.abs(np.cov(rows.T) - spread).max() < .08
    assert abs(model.posterior_.log_evidence[0] - log) < .06
    # the same, told by columns, by a linear map, and as two factors
    for same in (evidence.noisy({0: 2, 1: 1.5}, {0: .5, 1: .8}),
                 evidence.linear(np.eye(2), y, sigma),
                 evidence.noisy({0: 2}, .5) * evidence.noisy({1: 1.5}, .8)):
        model.posterior(same, draws=200, method="particles")
        assert abs(model.posterior_.log_evidence[0] - log) < .2


def test_known_cells_of_several_targets(normal):
    model, covariance = normal
    about = evidence.known([[0., np.nan], [2., np.nan]])
    low, high = model.posterior(about, draws=500, method="roles")
    assert (low[:, 0] == 0).all() and (high[:, 0] == 2).all()
    assert abs(high[:, 1].mean() - low[:, 1].mean() - 2 * covariance[0, 1]) < .25
    again = model.posterior(evidence.known({0: [0, 2]}), draws=500, method="roles")
    assert np.array_equal(low, again[0]) and np.array_equal(high, again[1])


def test_levels_and_intervals_of_a_frame(table):
    model, frame = table
    about = evidence.interval("age", 30, 40) * evidence.levels("sex", {"F": 1})
    drawn = model.posterior(about, draws=64)
    assert list(drawn.columns) == ["sex", "age", "height"]
    assert (drawn["sex"] == "F").all() and drawn["age"].between(30, 40).all()
    part = ((frame.sex == "F") & frame.age.between(30, 40)).mean()
    assert abs(model.posterior_.log_evidence[0] - np.log(part)) < .4
    assert repr(about) == "evidence.interval * evidence.levels"


def test_levels_are_weighed(table):
    model, frame = table
    weights = {"F": .9, "M": .1}
    women = (frame.sex == "F").mean()
    drawn = model.posterior(evidence.levels("sex", weights), draws=600)
    want = .9 * women / (.9 * women + .1 * (1 - women))
    assert abs((drawn["sex"] == "F").mean() - want) < .08
    both = model.posterior(evidence.levels("sex", [weights, {"M": 1}])
                           * evidence.interval("age", low=25), draws=20)
    assert len(both) == 2 and (both[1]["sex"] == "M").all()


def test_texts_are_known_as_texts(table):
    model, _ = table
    drawn = model.posterior(evidence.known({"sex": "M", "age": 33}), draws=12)
    assert (drawn["sex"] == "M").all() and (drawn["age"] == 33).all()


def test_bits():
    rows = np.random.default_rng(2).random((500, 4)) < .5
    model = noneq.Diffusion(updates=100).fit(rows)
    drawn = model.posterior(evidence.bits({0: .95, 3: 0}), draws=400)
    assert abs(drawn[:, 0].mean() - .95) < .1 and not drawn[:, 3].any()


def test_means_of_squares_are_met(pictures):
    model = noneq.Diffusion.load(pictures / "m.nq")
    means = np.full((8, 8), np.nan)
    means[2:5, 3:7] = 100.
    drawn = model.posterior(evidence.squares(2, means), draws=2)
    blocks = np.asarray(drawn).reshape(2, 8, 2, 8, 2).mean((2, 4))
    assert np.allclose(blocks[:, 2:5, 3:7], 100, atol=.01)
    assert not np.allclose(blocks[:, :2], 100, atol=.01)


def test_holes_are_filled(pictures):
    whole = np.load(pictures / "leaves.npy").reshape(-1, 32, 32)[0].astype(float)
    holed, hole = whole.copy(), (slice(7, 21), slice(5, 23))
    holed[hole] = np.nan
    fine, half = (noneq.Diffusion.load(pictures / name) for name in ("m.nq", "half.nq"))
    drawn = fine.inpaint(holed, draws=2, coarse=half)
    again = fine.inpaint(holed, draws=2, coarse=half)
    assert np.array_equal(drawn, again) and np.isnan(holed[hole]).all()
    for one in drawn:
        known = ~np.isnan(holed)
        assert np.array_equal(one[known], whole[known]) and np.isfinite(one).all()
    assert not np.array_equal(drawn[0], drawn[1])
    alone = fine.inpaint(holed)
    assert alone.shape == holed.shape and not np.array_equal(alone, drawn[0])
    assert np.array_equal(fine.inpaint(whole), whole)


def test_a_picture_of_any_size_is_drawn(pictures):
    model = noneq.Diffusion.load(pictures / "m.nq")
    assert np.isfinite(model.inpaint(np.full((1, 20, 24), np.nan), steps=4)).all()


def function(row, _target):
    return -.5 * row[0]**2


@pytest.mark.parametrize("make, error, message", [
    (lambda: evidence.interval("age"), ArgumentError, "no end"),
    (lambda: evidence.interval("agee", 1, 2), ArgumentError, "no column 'agee'.*sex, age, height"),
    (lambda: evidence.interval(3, 1, 2), ArgumentError, "no column 3; expected 0 to 2"),
    (lambda: evidence.interval("age", [1, 2, 3], [2, 3]), ShapeError, "3 low ends and 2 high"),
    (lambda: evidence.interval("age", "x"), ArgumentError, "low is 'x'"),
    (lambda: evidence.interval("sex", 1, 2), UnsupportedError, "sex"),
    (lambda: evidence.levels("sex", {"X": 1}), ArgumentError, "no level 'X'.*'M'"),
    (lambda: evidence.levels("sex", {"F": -1}), ShapeError, "sex.*negative"),
    (lambda: evidence.levels("sex", "F"), ArgumentError, "expected a dict"),
    (lambda: evidence.levels("height", {170: 1}), ArgumentError, "no level|no levels"),
    (lambda: evidence.known([1., 2.]), ShapeError, "3 columns"),
    (lambda: evidence.known({"sex": "X"}), ArgumentError, "no level 'X'"),
    (lambda: evidence.known({"sex": ["F", "M"], "age": [1, 2, 3]}), ShapeError, "2 and 3 targets"),
    (lambda: evidence.noisy({"height": 1, "age": 2}, {"height": 2}), ArgumentError, "'age'.*sigma"),
    (lambda: evidence.linear(np.eye(3), [1, 2], 1), ShapeError, "3 observations"),
    (lambda: evidence.linear(np.eye(3)[:1], 1, [1, 2]), ShapeError, "sigma has the shape"),
    (lambda: evidence.linear(np.eye(3)[:1], 1, 1), UnsupportedError, "."),
    (lambda: evidence.squares(2, [1.]), ShapeError, "down, across"),
    (lambda: evidence.squares(2, [[1.]]), ShapeError, "channels"),
    (lambda: evidence.bits({"age": .5}), UnsupportedError, "."),
    (lambda: evidence.levels("sex", [{"F": 1}] * 2) * evidence.interval("age", [1] * 3),
     ShapeError, "2 and 3 targets"),
    (lambda: 3, ArgumentError, "noneq.evidence"),
    (lambda: function, UnsupportedError, "."),
])
def test_what_cannot_be_is_refused(table, make, error, message):
    model, _ = table
    with pytest.raises(error, match=message):
        model.posterior(make(), draws=2, particles=8)


def test_pictures_that_cannot_be_drawn(table, pictures):
    with pytest.raises(UnsupportedError, match="no pictures"):
        table[0].inpaint(np.full((4, 4), np.nan))
    with pytest.raises(ShapeError, match="height, width"):
        noneq.Diffusion.load(pictures / "m.nq").inpaint([1., 2.])
    with pytest.raises(ArgumentError, match="coarse is a str"):
        noneq.Diffusion.load(pictures / "m.nq").inpaint(np.full((4, 4), np.nan), coarse="half.nq")
