"""diffusion.py - Diffusion: a model of rows that can be sampled, scored, conditioned, filled in."""
# SPDX-License-Identifier: MIT
# Copyright (c) the noneq authors

import ctypes
import json
import logging
import numbers
import operator

import numpy as np

from . import _arrow, _options
from . import _declared as c
from ._base import Estimator
from ._given import given_text
from ._library import Context, lib, options, owned_text, settings
from ._model import Model
from ._progress import Bar
from ._result import Result
from ._tables import ArrayLayout, ArrayTable, ArrowTable, FileTable, Rows, table_of
from .errors import ArgumentError, ShapeError

_log = logging.getLogger("noneq")


class Diffusion(_options.FitOptions, Estimator):
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
        table = table_of(X, self.types, self._given_fields(_options.READ))
        if getattr(table, "count", None) == 1:
            raise ShapeError("there is one row (n_samples = 1), of which no model can be made; "
                             "expected two or more")
        with Bar(self.progress, "fit") as bar, Context(
                self.threads, bar.told, _logged, keep=True) as context:
            with table.open(context) as rows, rows.for_training(context) as used:
                for note in used.notes():
                    _log.warning(note)
                self._fit(context, used, table)
            if context.interrupted:
                raise KeyboardInterrupt
            context.warn()
        return self

    def _given_fields(self, names):
        return {name: getattr(self, name) for name in names if name != "types"}

    def _fit(self, context, rows, table):
        chosen = options(c.nq_fit_options, preset=self.preset, init=self.init)
        held = None
        if self.valid is not None:
            if isinstance(self.valid, numbers.Real) or isinstance(table, FileTable):
                chosen.valid = str(self.valid).encode()
            else:
                held = table_of(self.valid, self.types, self._given_fields(_options.READ))
        chosen.bootstrap = int(bool(self.bootstrap))
        values = self._given_fields(_options.MODEL + _options.TRAIN)
        array, count = settings({**values, "seed": seed_of(self.random_state)})
        chosen.settings, chosen.setting_count = array, count
        result, model = c.nq_fit_result(), ctypes.c_void_p()
        held_rows = held.open(context) if held else Rows(ctypes.c_void_p())
        with held_rows:
            chosen.valid_data = held_rows.pointer
            status = lib.nq_fit(ctypes.byref(model), ctypes.byref(result), context.pointer,
                                ctypes.byref(rows.source()), ctypes.byref(chosen))
        if model:
            self._take(Model(model), table, lib.nq_dataset_dim(rows.pointer))
            state = result.state
            self.training_ = {
                "updates": state.update, "seconds": state.seconds, "best_update": state.best_update,
                "best_bound": state.best_bound, "bound": state.bound, "null": state.null,
                "finished": bool(result.finished)}
        elif not status and not result.has_model:
            raise KeyboardInterrupt
        context.check(status)

    def _take(self, model, table, columns):
        self.model_ = model
        self.layout_ = table.layout
        self.n_features_in_ = columns
        frame = getattr(table, "frame", None)
        names = list(frame.columns) if frame is not None else model.names()
        vars(self).pop("feature_names_in_", None)
        if names and all(isinstance(name, str) for name in names) and table.layout is not None \
                and not isinstance(table, ArrayTable):
            self.feature_names_in_ = np.asarray(names, object)

    @classmethod
    def load(cls, path, **params):
        """An estimator from a model file, of this package or of the program.

        Draws are then `noneq.Table`s, which pandas, polars and pyarrow take; of models without
        names numpy arrays.
        """
        out = cls(**params)
        out.model_ = Model.load(path)
        out.layout_ = None if out.model_.names() else ArrayLayout("<f8")
        out.n_features_in_ = out.model_.columns
        names = out.model_.names()
        if names:
            out.feature_names_in_ = np.asarray(names, object)
        return out

    def save(self, path):
        """Writes the model file, which `noneq` and `load` read. It appears whole or not at all."""
        self._fitted().save(path)

    def describe(self):
        """All that the model file says of itself, as a dict."""
        return Result(self._fitted().describe())

    # ------------------------------------------------------------------ what calls share

    def _rows_of(self, X):
        """The adapter for rows that the model is asked about."""
        self._fitted()
        table = table_of(X, None, self._given_fields(("header", "missing", "decimal", "separator",
                                                      "comment")))
        if isinstance(table, ArrayTable) and table.array.shape[1] != self.n_features_in_:
            raise ShapeError(f"X has {table.array.shape[1]} features, but {type(self).__name__} is "
                             f"expecting {self.n_features_in_} features as input")
        return table

    def _context(self):
        return Context(self.threads, log=_logged)

    def _watched(self, what):
        bar = Bar(self.progress, what)
        return bar, Context(self.threads, bar.told, _logged)

    def _as_table(self, values):
        """values[rows, columns] as a maker of tables."""
        def make(types=None):
            return _arrow.Table(lambda: Context(1), Rows(self._fitted().rows(values)), types)
        return make

    def _back(self, values):
        values = self._fitted().rounded(values)
        if self.layout_ is None:
            return self._as_table(values)()
        return self.layout_.back(values, self._as_table(values))

    def _seed(self, random_state):
        return seed_of(self.random_state if random_state is None else random_state)

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
        model = self._fitted()
        chosen = options(c.nq_draw_options, rows=_whole(n, "n", 1), given=given_text(given),
                         steps=_whole(steps, "steps", 1), particles=_whole(particles, "particles"),
                         seed=self._seed(random_state))
        out = c.nq_drawn()
        bar, context = self._watched("sample")
        with bar, context:
            context.check(lib.nq_draw(ctypes.byref(out), None, context.pointer, model.pointer,
                                      ctypes.byref(chosen)))
            values = _copied(out.values, (out.rows, out.columns))
            if given is not None:
                self.given_ = Result(log_evidence=out.log_evidence, se=out.log_evidence_se,
                                     ess=out.ess, starts=out.starts, particles=out.particles,
                                     is_density=bool(out.is_density))
            lib.nq_drawn_free(ctypes.byref(out))
            context.warn()
        return self._back(values)

    # ------------------------------------------------------------------ scoring

    def score_samples(self, X, *, ais=None, terms=None, steps=None, target_se=None, of=None,
                      given=None, return_se=False, by_column=False, random_state=None):
        """Log likelihood of each row in nats: [rows] of float64.

        It is the bound K, or with `ais` an estimate of the likelihood itself by that many
        trajectories per row. Of arrays of real numbers it is the log of a density in their own
        units; of tables of several kinds of columns of a row as recorded. Rows with gaps count by
        the columns that they have, where the model was trained with roles. Impossible rows are
        -inf.

        Parameters
        ----------
        X : rows
        ais : int, optional
            Trajectories per row; None: the bound.
        terms, steps, target_se : optional
            Monte Carlo terms of the bound, steps of a shorter chain, error in bits to go on for.
        of, given : str or list of str, optional
            The probability of these columns, given these (models with roles).
        return_se : bool
            Also the Monte Carlo error of each row.
        by_column : bool
            Also [rows, columns], what each column adds to the bound (tables of several kinds).
        """
        model, table = self._fitted(), self._rows_of(X)
        chosen = options(
            c.nq_score_options, ais=_whole(ais, "ais"), terms=_whole(terms, "terms"),
            steps=_whole(steps, "steps", 1), target_se=target_se, of=_listed(of),
            given=_listed(given), by_column=int(by_column), seed=self._seed(random_state),
            units="data" if model.is_density and not model.is_recorded else None)
        out = c.nq_scores()
        bar, context = self._watched("score")
        with bar, context, table.open(context, for_model=True) as rows:
            context.check(lib.nq_score(ctypes.byref(out), None, context.pointer, model.pointer,
                                       ctypes.byref(rows.source()), ctypes.byref(chosen)))
            results = [_copied(out.score, (out.rows,))]
            if return_se:
                results.append(_copied(out.se, (out.rows,)))
            if by_column:
                results.append(_copied(out.column_score, (out.rows, out.columns)))
            lib.nq_scores_free(ctypes.byref(out))
            context.warn()
        return results[0] if len(results) == 1 else tuple(results)

    def score(self, X, y=None, **keywords):
        """Mean log likelihood of the rows in nats; keywords as of score_samples."""
        del y
        return float(np.mean(self.score_samples(X, **keywords)))

    def eval(self, X, *, ais=None, terms=None, steps=None, max_rows=None, target_se=None,
             entropy=False, units=None, of=None, given=None, random_state=None):
        """How well the model explains rows, as `noneq eval --json` has it: K with its errors, the
        null model's, by column, with `ais` the likelihood, with `entropy` the account of steps.
        """
        chosen = options(
            c.nq_evaluate_options, ais=_whole(ais, "ais"), terms=_whole(terms, "terms"),
            steps=_whole(steps, "steps", 1), max_rows=_whole(max_rows, "max_rows"),
            target_se=target_se, entropy=int(entropy), units=units, of=_listed(of),
            given=_listed(given), seed=self._seed(random_state), json=1)
        model = self._fitted()
        return self._report(X, "eval", lambda report, context, rows: lib.nq_evaluate(
            None, report, context, model.pointer, rows, ctypes.byref(chosen)))

    def compare(self, other, X, *, terms=None, max_rows=None, random_state=None):
        """Which of two models explains rows better, and by how many standard errors."""
        chosen = options(c.nq_compare_options, terms=_whole(terms, "terms"),
                         max_rows=_whole(max_rows, "max_rows"), seed=self._seed(random_state),
                         json=1)
        model, second = self._fitted(), other._fitted()
        return self._report(X, "compare", lambda report, context, rows: lib.nq_compare(
            None, report, context, model.pointer, second.pointer, rows, ctypes.byref(chosen)))

    def check(self, X, *, draws=None, max_rows=None, given_rows=None, self_rows=None,
              permutations=None, level=None, random_state=None):
        """Whether the model is calibrated on rows: ranks, coverage, a classifier; see `noneq check`.
        """
        chosen = options(
            c.nq_check_report_options, draws=_whole(draws, "draws", 1),
            max_rows=_whole(max_rows, "max_rows"), given_rows=_whole(given_rows, "given_rows"),
            self_rows=_whole(self_rows, "self_rows"), level=level,
            permutations=_whole(permutations, "permutations", 1), seed=self._seed(random_state),
            json=1)
        model = self._fitted()
        return self._report(X, "check", lambda report, context, rows: lib.nq_check_report(
            None, report, context, model.pointer, rows, ctypes.byref(chosen)))

    def report(self, X, path=None, *, test=None, title=None, max_rows=None, samples=None, ais=None,
               random_state=None):
        """One page of HTML on the model and rows: what is good, what is not, with figures.

        X are the rows of training, where `test` has others to judge by. Written to `path`, whole
        or not at all; without one the page is returned as text.
        """
        model, table = self._fitted(), self._rows_of(X)
        other = None if test is None else self._rows_of(test)
        chosen = options(c.nq_page_options, output=path, title=title, ais=_whole(ais, "ais"),
                         max_rows=_whole(max_rows, "max_rows", 20),
                         samples=_whole(samples, "samples", 20), seed=self._seed(random_state))
        text = ctypes.c_void_p()
        bar, context = self._watched("report")
        with bar, context, table.open(context, for_model=True) as rows:
            judges = other.open(context, for_model=True) if other else Rows(ctypes.c_void_p())
            with judges:
                context.check(lib.nq_report_page(
                    ctypes.byref(text), context.pointer, model.pointer, ctypes.byref(rows.source()),
                    ctypes.byref(judges.source()) if other else None, ctypes.byref(chosen)))
            context.warn()
        page = owned_text(text)
        return page if path is None else None

    def _report(self, X, what, call):
        table, text = self._rows_of(X), ctypes.c_void_p()
        bar, context = self._watched(what)
        with bar, context, table.open(context, for_model=True) as rows:
            context.check(call(ctypes.byref(text), context.pointer, ctypes.byref(rows.source())))
            context.warn()
        return Result(json.loads(owned_text(text)))

    # ------------------------------------------------------------------ filling and cleaning

    def impute(self, X, *, draws=None, mean=False, quantiles=None, method=None, given=None,
               particles=None, steps=None, random_state=None):
        """Rows with their missing cells filled by draws given what is known of each row.

        Known cells come back unchanged; columns that the model does not know, too.

        Parameters
        ----------
        X : rows with gaps
        draws : int, optional
            Several give a list of so many tables (multiple imputation); None: one table.
        mean : bool
            The mean of the draws (100 where draws is None) in the place of draws; of a text the
            most frequent.
        quantiles : list of float, optional
            A list of tables, one for each of these quantiles of the draws.
        method : str, optional
            roles, particles, noised or paper; None: by the model.
        given : dict or str, optional
            What else is known of every row; see `sample`.
        """
        chosen = options(
            c.nq_fill_options, draws=_whole(draws, "draws", 1), mean=int(mean),
            quantiles=None if quantiles is None else ",".join(repr(float(q)) for q in quantiles),
            method=method, given=given_text(given), particles=_whole(particles, "particles"),
            steps=_whole(steps, "steps", 1), seed=self._seed(random_state))
        tables = self._filled(X, "impute", lambda out, context, models, rows: lib.nq_fill(
            out, None, context, models, 1, rows, ctypes.byref(chosen)))
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
        chosen = options(c.nq_fill_options, draws=_whole(draws, "draws", 1), mean=int(mean),
                         method=method, particles=_whole(particles, "particles"),
                         seed=self._seed(random_state))
        tables = self._filled(X, "denoise", lambda out, context, models, rows: lib.nq_denoise(
            out, None, context, models, 1, rows, ctypes.byref(noise), ctypes.byref(chosen)),
            whole=True)
        return tables[0] if draws is None or mean else tables

    def _filled(self, X, what, call, whole=False):
        model, table, out = self._fitted(), self._rows_of(X), c.nq_filled()
        models = (ctypes.c_void_p * 1)(model.pointer)
        bar, context = self._watched(what)
        with bar, context, table.open(context, for_model=True) as rows:
            context.check(call(ctypes.byref(out), context.pointer, models,
                               ctypes.byref(rows.source())))
            values = _copied(out.values, (out.rows, out.each, out.columns))
            lib.nq_filled_free(ctypes.byref(out))
            context.warn()
        tables = []
        for i in range(values.shape[1]):
            each = np.ascontiguousarray(values[:, i])
            tables.append(self._back(each) if whole
                          else self._put(table, each))
        return tables

    def _put(self, table, values):
        make = self._as_table(values)
        if isinstance(table, ArrowTable):
            return table.filled(values, lambda: make(table.layout))
        return table.filled(values, make)

    # ------------------------------------------------------------------ evidence of one's own

    def posterior(self, log_evidence, *, draws=100, targets=1, method=None, particles=None,
                  has_gradient=False, random_state=None):
        """Draws from model times evidence: p(x) r(x), for a function log r of the caller's.

        Parameters
        ----------
        log_evidence : callable
            log_evidence(x, target) -> log r(x), of a row x [columns] in the data's units; with
            has_gradient -> (log r(x), gradient [columns]). -inf rules a row out. It is called
            from one thread at a time.
        draws : int
            Rows for each target.
        targets : int
            Functions at once; the second argument says which.

        Returns
        -------
        rows in the form that was fitted (a list of them for several targets). `posterior_` has the
        log evidence with its error, and how many particles were effective.
        """
        model = self._fitted()
        columns = model.columns
        context = Context(self.threads, log=_logged)

        row_type = ctypes.c_double * columns

        def evidence(_user, target, row, gradient):
            try:
                found = log_evidence(np.frombuffer(row_type.from_address(row)).copy(), target)
                if has_gradient:
                    found, slope = found
                    if gradient:
                        np.frombuffer(row_type.from_address(gradient))[:] = slope
                return float(found)
            except BaseException as error:  # pylint: disable=broad-except
                context.stop(error)
                return float("nan")

        prototype = c.FUNCTIONS["nq_evidence_custom"][1][3]
        function = prototype(evidence)
        pointer, out = ctypes.c_void_p(), c.nq_posterior()
        chosen = options(c.nq_posterior_options, draws=_whole(draws, "draws", 1), method=method,
                         particles=_whole(particles, "particles"), seed=self._seed(random_state))
        with context:
            context.check(lib.nq_evidence_custom(
                ctypes.byref(pointer), context.pointer, model.pointer, function, None,
                int(has_gradient), targets))
            try:
                context.check(lib.nq_posterior_sample(
                    ctypes.byref(out), context.pointer, model.pointer, pointer,
                    ctypes.byref(chosen)))
                values = _copied(out.samples, (out.targets, out.draws, out.columns))
                self.posterior_ = Result(
                    log_evidence=_copied(out.log_evidence, (out.targets,)),
                    se=_copied(out.log_evidence_se, (out.targets,)),
                    ess=_copied(out.ess, (out.targets,)), method=out.method.decode())
            finally:
                lib.nq_posterior_free(ctypes.byref(out))
                lib.nq_evidence_free(pointer)
            context.warn()
        tables = [self._back(np.ascontiguousarray(each)) for each in values]
        return tables[0] if targets == 1 else tables

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


def seed_of(random_state):
    """A seed of the library: None is 1; a generator of numpy gives its next number."""
    if random_state is None:
        return 1
    if hasattr(random_state, "randint"):
        return int(random_state.randint(1, 2**31 - 1))
    if hasattr(random_state, "integers"):
        return int(random_state.integers(1, 2**31 - 1))
    return _whole(random_state, "random_state")


def _whole(value, name, least=0):
    if value is None:
        return None
    try:
        value = operator.index(value)
    except TypeError:
        raise ArgumentError(f"{name} is {value!r}; expected a whole number") from None
    if value < least:
        raise ArgumentError(f"{name} is {value}; expected {least} or more")
    return value


def _listed(columns):
    if columns is None or isinstance(columns, str):
        return columns
    return ",".join(str(name) for name in columns)


def _copied(address, shape):
    count = int(np.prod(shape))
    if not address or not count:
        return np.full(shape, np.nan)
    array = (ctypes.c_double * count).from_address(address)
    return np.frombuffer(array, float).reshape(shape).copy()


def _logged(level, line):
    _log.log(logging.WARNING if level == c.NQ_LOG_NOTE else logging.INFO
             if level < c.NQ_LOG_NOTE else logging.DEBUG, line)

