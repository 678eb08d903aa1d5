"""_base.py - what estimators have in common: parameters, as scikit-learn wants them, and printing.

scikit-learn is not needed; where it is there, it finds what it looks for.
"""
# SPDX-License-Identifier: MIT
# Copyright (c) the noneq authors

import inspect

from .errors import NotFittedError


class Estimator:
    """get_params, set_params, repr and tags."""

    @classmethod
    def _names(cls):
        return sorted(name for name in inspect.signature(cls.__init__).parameters
                      if name != "self")

    def get_params(self, deep=True):
        """Parameters by name. deep is for scikit-learn and changes nothing."""
        del deep
        return {name: getattr(self, name) for name in self._names()}

    def set_params(self, **params):
        """Sets parameters; returns the estimator."""
        for name, value in params.items():
            if name not in self._names():
                raise ValueError(f"Invalid parameter {name!r} for estimator {type(self).__name__}; "
                                 f"expected one of {', '.join(self._names())}")
            setattr(self, name, value)
        return self

    def __repr__(self):
        defaults = {name: parameter.default for name, parameter
                    in inspect.signature(type(self).__init__).parameters.items()}
        shown = ", ".join(f"{name}={value!r}" for name, value in self.get_params().items()
                          if value is not defaults[name] and repr(value) != repr(defaults[name]))
        return f"{type(self).__name__}({shown})"

    def __sklearn_is_fitted__(self):
        return hasattr(self, "model_")

    def _fitted(self):
        """The model, or the exception that scikit-learn's users know."""
        if hasattr(self, "model_"):
            return self.model_
        sentence = (f"This {type(self).__name__} instance is not fitted yet. Call 'fit' with "
                    "appropriate arguments before using this estimator.")
        try:
            from sklearn.exceptions import NotFittedError as theirs  # noqa: PLC0415
        except ImportError:
            raise NotFittedError(sentence) from None
        raise type("NotFittedError", (NotFittedError, theirs), {})(sentence)

    def _tags(self, estimator_type):
        """sklearn.utils.Tags; scikit-learn alone asks for them, and so is there."""
        from sklearn.utils import InputTags, Tags, TargetTags, TransformerTags  # noqa: PLC0415
        tags = Tags(estimator_type=estimator_type, target_tags=TargetTags(required=False))
        tags.transformer_tags = TransformerTags(preserves_dtype=["float64", "float32"])
        tags.input_tags = InputTags(two_d_array=True, sparse=False, allow_nan=True, string=True,
                                    categorical=True)
        tags.non_deterministic = False
        return tags
