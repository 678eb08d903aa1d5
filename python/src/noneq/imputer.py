"""imputer.py - DiffusionImputer: fills missing cells, as a step of a pipeline."""
# SPDX-License-Identifier: MIT
# Copyright (c) the noneq authors

from . import _options
from .diffusion import Diffusion


class DiffusionImputer(_options.ImputerOptions, Diffusion):
    """Fills missing cells by draws from a diffusion model of the rows.

    A transformer of scikit-learn's manner: fit learns p(row) from rows with or without gaps,
    transform replaces every missing cell by a draw given the known cells of its row. Columns of
    numbers are learned with every p(some columns | others) (roles=1), so that filling is one pass;
    rows without any gap pass through. Parameters are those of Diffusion.
    """

    __doc__ += "\n".join(_options.ImputerOptions.__doc__.split("\n")[2:])

    def _given_fields(self, names):
        values = super()._given_fields(names)
        if "roles" in values and values["roles"] is None and self.regressor is None:
            values["roles"] = 1
        return values

    def transform(self, X):
        """X with every missing cell filled, by one draw or (mean) by the mean of draws."""
        return self.impute(X, mean=bool(self.mean))

    def __sklearn_tags__(self):
        return self._tags(None)
