"""test_estimator.py - what scikit-learn asks of an estimator."""
# SPDX-License-Identifier: MIT
# Copyright (c) the noneq authors
import numpy as np
import pytest

import noneq

sklearn = pytest.importorskip("sklearn")
from sklearn.base import clone  # noqa: E402
from sklearn.pipeline import make_pipeline  # noqa: E402
from sklearn.preprocessing import StandardScaler  # noqa: E402
from sklearn.utils.estimator_checks import parametrize_with_checks  # noqa: E402

# Checks that are not met, each with its reason.
MONTE_CARLO = ("the bound of a row is a Monte Carlo estimate whose noise is addressed by the row's "
               "place, so that runs are the same for any number of threads")
NOT_MET = {
    "check_methods_sample_order_invariance": MONTE_CARLO,
    "check_methods_subset_invariance": MONTE_CARLO,
}
SMALL = {"updates": 5, "hidden": "8,8", "steps": 20, "threads": 1}


@parametrize_with_checks([noneq.Diffusion(**SMALL), noneq.DiffusionImputer(**SMALL)],
                         expected_failed_checks=lambda estimator: NOT_MET)
def test_estimator_checks(estimator, check):
    check(estimator)


def test_parameters_are_those_of_the_library():
    names = set(noneq.Diffusion().get_params())
    assert {"updates", "hidden", "steps", "beta_1", "patience", "types", "random_state"} <= names
    other = clone(noneq.Diffusion(updates=7, hidden="9,9"))
    assert other.get_params()["updates"] == 7 and repr(other) == "Diffusion(hidden='9,9', updates=7)"


def test_an_option_out_of_range_is_named(numbers):
    with pytest.raises(noneq.errors.ArgumentError, match="dropout"):
        noneq.Diffusion(dropout=3.).fit(numbers)
    with pytest.raises(ValueError, match="upates"):
        noneq.Diffusion().set_params(upates=3)


def test_the_imputer_works_in_a_pipeline(numbers, fast):
    rows = numbers.copy()
    rows[::4, 1] = np.nan
    pipeline = make_pipeline(noneq.DiffusionImputer(**fast), StandardScaler())
    scaled = pipeline.fit_transform(rows)
    assert scaled.shape == rows.shape and np.isfinite(scaled).all()
    assert list(pipeline[0].get_feature_names_out()) == ["x0", "x1", "x2"]
