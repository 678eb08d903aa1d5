"""diffusion.py - Diffusion: a model of rows that can be sampled, scored, conditioned, filled in."""
# SPDX-License-Identifier: MIT
# Copyright (c) the noneq authors

import ctypes
import numbers
import os

import numpy as np

from . import _arrow, _options
from . import _declared as c
from ._arguments import copied, seed_of, whole
from ._columns import Rows
from ._given import given_text
from ._library import Context, lib, options, settings
from ._model import Model
from ._posterior import Posteriors
from ._progress import Bar
from ._questions import log, logged
from ._result import Result
from ._tables import ArrayLayout, ArrayTable, FileTable, table_of
from .errors import ArgumentError, ShapeError, UnsupportedError


class Diffusion(_options.FitOptions, Posteriors):
    """A diffusion probabilistic model of the rows of a table.

    Learns to undo a fixed diffusion of the rows to noise (Sohl-Dickstein et al., ICML 2015). The
    fitted model draws rows, bounds and estimates log likelihoods, fills gaps and answers questions
    about some columns given others. Everything is computed by libnoneq, and is what the program
    `noneq` computes for the same rows, options and seed.

    Rows are a numpy array [rows, columns] (columns are real numbers, or bits), a pandas frame, a
    polars frame, any table with the Arrow PyCapsule interface (kinds of columns are found; texts
    are categories), or the path of a data file. NaN, None and NA are missing cells. Results come
    back in the form that was fitted.

    Attributes
    ----------
    model_ : the fitted model; `save` writes it.
    n_features_in_ : int, columns of the rows that were fitted.
    feature_names_in_ : array of their names, where all are texts.
    training_ : dict, what is known of the training: updates, seconds, best hold-out K, ...
    """

    __doc__ += "\n".join(_options.FitOptions.__doc__.split("\n")[2:])

    # ------------------------------------------------------------------ fitting

    def fit(self, X, y=None):
        """Fits a model to rows; y is not looked at. Returns the estimator.

        Ctrl-C (KeyboardInterrupt) ends training early: what was best so far is then the model.
        """
        del y
        table = table_of(X, self.types, self._chosen(_options.READ))
        if table.count == 1:
            raise ShapeError("there is one row (n_samples = 1), of which no model can be made; "
                             "expected two or more")
        with Bar(self.progress, "fit") as bar, Context(
                self.threads, bar.told, logged, keep=True) as context:
            with table.open(context) as rows, rows.for_training(context) as used:
                for note in used.notes():
                    log.warning(note)
                if isinstance(table, ArrayTable) and not table.names and used.width < table.width:
                    raise ShapeError("; ".join(used.notes()) + ": leave it out, for the columns of "
                                     "an array are told by their places")
                self._fit(context, used, table)
            if context.interrupted:
                raise KeyboardInterrupt
            context.warn()
        return self

    def _fit(self, context, rows, table):
        chosen = options(c.nq_fit_options, preset=self.preset, init=self.init)
        held = self._held(chosen)
        chosen.bootstrap = int(bool(self.bootstrap))
        values = self._chosen(_options.MODEL + _options.TRAIN)
        array, count = settings({**values, "seed": seed_of(self.random_state)})
        chosen.settings, chosen.setting_count = array, count
        result, model = c.nq_fit_result(), ctypes.c_void_p()
        with held.open(context) if held else Rows() as held_rows:
            chosen.valid_data = held_rows.pointer
            status = lib.nq_fit(ctypes.byref(model), ctypes.byref(result), context.pointer,
                                ctypes.byref(rows.source()), ctypes.byref(chosen))
        if model:
            self._take(Model(model), table)
            state = result.state
            self.training_ = {
                "updates": state.update, "seconds": state.seconds, "best_update": state.best_update,
                "best_bound": state.best_bound, "bound": state.bound, "null": state.null,
                "finished": bool(result.finished)}
        elif not status and not result.has_model:
            raise KeyboardInterrupt
        context.check(status)

    def _held(self, chosen):
        """Hold-out rows: a part of the others, which the options then say, or a table."""
        if self.valid is None:
            return None
        try:
            part = isinstance(self.valid, (numbers.Real, str)) and float(self.valid)
        except ValueError:
            part = False
        if part is not False:
            chosen.valid = repr(part).encode()
            return None
        is_file = isinstance(self.valid, (str, os.PathLike))
        return table_of(self.valid, self.types if is_file else None,
                        self._chosen(_options.READ) if is_file else None)

    def _take(self, model, table):
        self.model_, self.layout_ = model, table.layout
        self._name_features(table.width or model.columns, table.names or model.names(),
                            table.layout)

    def _name_features(self, count, names, layout):
        """As scikit-learn has them: arrays have no names."""
        self.n_features_in_ = count
        vars(self).pop("feature_names_in_", None)
        if names and not isinstance(layout, ArrayLayout):
            self.feature_names_in_ = np.asarray(names, object)

    @classmethod
    def load(cls, path, **params):
        """An estimator from a model file, of this package or of the program.

        Draws are then `noneq.Table`s, which pandas, polars and pyarrow take; of models without
        names numpy arrays.
        """
        out = cls(**params)
        out.model_ = Model.load(path)
        names = out.model_.names()
        out.layout_ = None if names else ArrayLayout("<f8")
        out._name_features(out.model_.columns, names, out.layout_)
        return out

    def save(self, path):
        """Writes the model file, which `noneq` and `load` read. It appears whole or not at all."""
        self._fitted().save(path)

    def describe(self):
        """All that the model file says of itself, as a dict."""
        return Result(self._fitted().describe())

    # ------------------------------------------------------------------ rows of the model

    def _maker(self, values):
        """values[rows, columns] as tables of the interface, with types of a layout or without."""
        return lambda types=None: _arrow.Table(Rows(self._fitted().rows(values)), types)

    def _back(self, values):
        """values[rows, columns] in the form that was fitted."""
        make = self._maker(values)
        return make() if self.layout_ is None else self.layout_.back(values, make)

    # ------------------------------------------------------------------ drawing

    def sample(self, n=100, *, given=None, steps=None, particles=None, random_state=None):
        """Draws n rows, in the form that was fitted.

        Parameters
        ----------
        n : int
            Rows; row i depends on the seed and i alone, so that 10 are the first 10 of 100.
        given : dict or str, optional
            Only rows that meet conditions: {"age": (40, 50), "sex": ["F", "M"], "kids": 2}. The
            probability of the conditions is then in `given_` (log evidence in nats, its error).
        steps : int, optional
            Steps of the chain; None: as few as lose nothing, all of older models.
        particles : int, optional
            Of conditions: particles of the filter.
        random_state : int, optional
            Seed; None: the estimator's. The same seed draws the same rows.
        """
        values, drawn = self._drawn(
            rows=whole(n, "n", 1), given=given_text(given), steps=whole(steps, "steps", 1),
            particles=whole(particles, "particles"), seed=self._seed(random_state))
        if given is not None:
            self.given_ = drawn
        return self._back(values)

    def _drawn(self, **chosen):
        """[rows, columns] by nq_draw, and what is known of conditions."""
        model, out = self._fitted(), c.nq_drawn()
        bar, context = self._watched("sample")
        with bar, context:
            context.check(lib.nq_draw(ctypes.byref(out), None, context.pointer, model.pointer,
                                      ctypes.byref(options(c.nq_draw_options, **chosen))))
            values = copied(out.values, (out.rows, out.columns))
            found = Result(log_evidence=out.log_evidence, se=out.log_evidence_se, ess=out.ess,
                           starts=out.starts, particles=out.particles,
                           is_density=bool(out.is_density))
            lib.nq_drawn_free(ctypes.byref(out))
            context.warn(4)
        return values, found

    # ------------------------------------------------------------------ filling and cleaning

    def impute(self, X, *, draws=None, mean=False, quantiles=None, method=None, given=None,
               particles=None, steps=None, unseen=None, random_state=None):
        """Rows with their missing cells filled by draws given what is known of each row.

        Known cells come back unchanged; columns that the model does not know, too (but of files,
        of which the model's columns come back).

        Parameters
        ----------
        X : rows with gaps
        draws : int, optional
            Gives a list of so many tables (multiple imputation); None: one table, no list.
        mean : bool
            The mean of the draws (100 where draws is None) in the place of draws; of a text the
            most frequent.
        quantiles : list of float, optional
            A list of tables, one for each of these quantiles of the draws.
        method : str, optional
            roles, particles, noised or paper; None: by the model.
        given : dict or str, optional
            What else is known of every row; see `sample`.
        unseen : str, optional
            Of known cells of a value that no training row had: "refuse" (None), or "missing":
            gaps are drawn as if such a cell was not known.
        """
        chosen = options(
            c.nq_fill_options, draws=whole(draws, "draws", 1), mean=int(mean),
            quantiles=None if quantiles is None else ",".join(repr(float(q)) for q in quantiles),
            method=method, given=given_text(given), particles=whole(particles, "particles"),
            steps=whole(steps, "steps", 1), unseen=unseen, seed=self._seed(random_state))
        tables = self._filled(X, "impute", lambda out, context, models, rows: lib.nq_fill(
            out, None, context, models, 1, rows, ctypes.byref(chosen)), keeps=True)
        return tables[0] if draws is None and quantiles is None or mean else tables

    def transform(self, X):
        """`impute` with one draw."""
        return self.impute(X)

    def fit_transform(self, X, y=None):
        """fit, then transform."""
        return self.fit(X, y).transform(X)

    def denoise(self, X, *, sigma=None, snr=None, flip=None, draws=None, mean=False,
                method=None, particles=None, random_state=None):
        """Draws of the rows behind rows with noise: sigma, its deviation in the units of X; snr,
        the same as a ratio to each column's deviation; or flip, the probability of a wrong bit.
        """
        if sum(noise is not None for noise in (sigma, snr, flip)) != 1:
            raise ArgumentError("denoise needs one of sigma, snr and flip")
        noise = options(c.nq_noise_options, sigma=sigma, snr=snr, flip=flip)
        chosen = options(c.nq_fill_options, draws=whole(draws, "draws", 1), mean=int(mean),
                         method=method, particles=whole(particles, "particles"),
                         seed=self._seed(random_state))
        tables = self._filled(X, "denoise", lambda out, context, models, rows: lib.nq_denoise(
            out, None, context, models, 1, rows, ctypes.byref(noise), ctypes.byref(chosen)),
            keeps=False)
        return tables[0] if draws is None or mean else tables

    def _filled(self, X, what, fill, keeps):
        """fill(&out, context, models, rows): tables of draws, which keep what X has, or not."""
        model, table, out = self._fitted(), self._rows_of(X), c.nq_filled()
        models = (ctypes.c_void_p * 1)(model.pointer)

        def call(context, rows):
            context.check(fill(ctypes.byref(out), context.pointer, models,
                               ctypes.byref(rows.source())))
            values = copied(out.values, (out.rows, out.each, out.columns))
            lib.nq_filled_free(ctypes.byref(out))
            if keeps:
                self._texts_known(values, table)
            return np.ascontiguousarray(values.swapaxes(0, 1))
        values = self._with_rows(table, what, call)
        return [table.filled(each, self._maker(each)) if keeps else self._back(each)
                for each in values]

    def _texts_known(self, values, table):
        """Codes of texts that the model does not know become gaps: tables keep their own texts."""
        strange = values < 0
        for i in range(values.shape[2]):
            strange[:, :, i] &= bool(lib.nq_model_column_is_text(self.model_.pointer, i))
        if strange.any() and isinstance(table, FileTable):
            row, _, column = np.argwhere(strange)[0]
            raise UnsupportedError(f"{table.path}: row {row + 1}, column {column + 1} has a text "
                                   "that no training row had, which cannot come back from a file: "
                                   "read it as a frame, or let the program fill it")
        values[strange] = np.nan

    # ------------------------------------------------------------------ scikit-learn

    def get_feature_names_out(self, input_features=None):
        """Names of the columns of transform."""
        del input_features
        self._fitted()
        names = getattr(self, "feature_names_in_", None)
        return np.asarray([f"x{i}" for i in range(self.n_features_in_)], object) \
            if names is None else names

    def __sklearn_tags__(self):
        return self._tags("density_estimator")

