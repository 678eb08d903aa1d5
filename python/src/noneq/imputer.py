"""imputer.py - DiffusionImputer: fills missing cells, as a step of a pipeline."""
# SPDX-License-Identifier: MIT
# Copyright (c) the noneq authors

import inspect

from .diffusion import Diffusion


class DiffusionImputer(Diffusion):
    """Fills missing cells by draws from a diffusion model of the rows.

    A transformer of scikit-learn's manner: fit learns p(row) from rows with or without gaps,
    transform replaces every missing cell by a draw given the known cells of its row. Columns of
    numbers are learned with every p(some columns | others) (roles=1), so that filling is one pass;
    rows without any gap pass through.

    Parameters
    ----------
    mean : bool, optional
        transform fills with the mean of 100 draws (of a text the most frequent), the best guess of
        each cell alone, in the place of one draw, which keeps the spread of the columns.
    **options
        Those of Diffusion.
    """

    def __init__(self, *, mean=None, **options):
        super().__init__(**options)
        self.mean = mean

    # What scikit-learn, and help, look at.
    __init__.__signature__ = inspect.signature(Diffusion.__init__)
    __init__.__signature__ = __init__.__signature__.replace(parameters=[
        *__init__.__signature__.parameters.values(),
        inspect.Parameter("mean", inspect.Parameter.KEYWORD_ONLY, default=None)])

    def _chosen(self, names):
        values = super()._chosen(names)
        if "roles" in values and values["roles"] is None and self.regressor is None:
            values["roles"] = 1
        return values

    def transform(self, X):
        """X with every missing cell filled, by one draw or (mean) by the mean of draws."""
        return self.impute(X, mean=bool(self.mean))

    def __sklearn_tags__(self):
        return self._tags(None)
