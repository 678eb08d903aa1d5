"""_questions.py - what a fitted model is asked about rows: scores, reports, comparisons, checks."""
# SPDX-License-Identifier: MIT
# Copyright (c) the noneq authors

import ctypes
import json
import logging
import os

import numpy as np

from . import _declared as c
from ._arguments import copied, listed, seed_of, whole
from ._base import Estimator
from ._columns import Rows
from ._library import Context, lib, options, owned_text
from ._progress import Bar
from ._result import Result
from ._tables import ArrayTable, table_of
from .errors import ShapeError

log = logging.getLogger("noneq")
READ_AGAIN = ("header", "missing", "decimal", "separator", "comment")


def logged(level, line):
    """Notes are for whoever reads the result; what is more than a note becomes a warning."""
    log.log(logging.INFO if level < c.NQ_LOG_NOTE else logging.WARNING
            if level == c.NQ_LOG_NOTE else logging.DEBUG, line)


class Questions(Estimator):
    """Calls about rows X, in any form that can be fitted."""

    def _rows_of(self, X):
        """The adapter for rows that the model is asked about."""
        self._fitted()
        is_file = isinstance(X, (str, os.PathLike))
        table = table_of(X, None, self._chosen(READ_AGAIN) if is_file else None)
        if isinstance(table, ArrayTable) and table.width != self.n_features_in_:
            raise ShapeError(f"X has {table.width} features, but {type(self).__name__} is "
                             f"expecting {self.n_features_in_} features as input")
        return table

    def _chosen(self, names):
        """Parameters by name; types are handed on by themselves."""
        return {name: getattr(self, name) for name in names if name != "types"}

    def _watched(self, what):
        """A bar, and a context that it watches."""
        bar = Bar(self.progress, what)
        return bar, Context(self.threads, bar.told, logged)

    def _with_rows(self, table, what, call):
        """call(context, rows) of the rows as a data set, with what is to be told of it."""
        bar, context = self._watched(what)
        with bar, context, table.open(context, for_model=True) as rows:
            found = call(context, rows)
            context.warn(5)
        return found

    def _seed(self, random_state):
        return seed_of(self.random_state if random_state is None else random_state)

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
        model = self._fitted()
        chosen = options(
            c.nq_score_options, ais=whole(ais, "ais"), terms=whole(terms, "terms"),
            steps=whole(steps, "steps", 1), target_se=target_se, of=listed(of),
            given=listed(given), by_column=int(by_column), seed=self._seed(random_state),
            units="data" if model.is_density and not model.is_recorded else None)
        out = c.nq_scores()

        def call(context, rows):
            context.check(lib.nq_score(ctypes.byref(out), None, context.pointer, model.pointer,
                                       ctypes.byref(rows.source()), ctypes.byref(chosen)))
            found = [copied(out.score, (out.rows,))]
            if return_se:
                found.append(copied(out.se, (out.rows,)))
            if by_column:
                found.append(copied(out.column_score, (out.rows, out.columns)))
            lib.nq_scores_free(ctypes.byref(out))
            return found
        found = self._with_rows(self._rows_of(X), "score", call)
        return found[0] if len(found) == 1 else tuple(found)

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
            c.nq_evaluate_options, ais=whole(ais, "ais"), terms=whole(terms, "terms"),
            steps=whole(steps, "steps", 1), max_rows=whole(max_rows, "max_rows"),
            target_se=target_se, entropy=int(entropy), units=units, of=listed(of),
            given=listed(given), seed=self._seed(random_state), json=1)
        model = self._fitted()
        return self._report(X, "eval", lambda report, context, rows: lib.nq_evaluate(
            None, report, context, model.pointer, rows, ctypes.byref(chosen)))

    def compare(self, other, X, *, terms=None, max_rows=None, random_state=None):
        """Which of two models explains rows better, and by how many standard errors."""
        chosen = options(c.nq_compare_options, terms=whole(terms, "terms"),
                         max_rows=whole(max_rows, "max_rows"), seed=self._seed(random_state),
                         json=1)
        model, second = self._fitted(), other._fitted()
        return self._report(X, "compare", lambda report, context, rows: lib.nq_compare(
            None, report, context, model.pointer, second.pointer, rows, ctypes.byref(chosen)))

    def check(self, X, *, draws=None, max_rows=None, given_rows=None, self_rows=None,
              permutations=None, level=None, random_state=None):
        """Whether the model is calibrated on rows: ranks, coverage, a classifier; see `noneq check`.
        """
        chosen = options(
            c.nq_check_report_options, draws=whole(draws, "draws", 1),
            max_rows=whole(max_rows, "max_rows"), given_rows=whole(given_rows, "given_rows"),
            self_rows=whole(self_rows, "self_rows"), level=level,
            permutations=whole(permutations, "permutations", 1), seed=self._seed(random_state),
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
        model = self._fitted()
        chosen = options(c.nq_page_options, output=path, title=title, ais=whole(ais, "ais"),
                         max_rows=whole(max_rows, "max_rows", 20),
                         samples=whole(samples, "samples", 20), seed=self._seed(random_state))
        others = None if test is None else self._rows_of(test)

        def call(context, rows):
            text = ctypes.c_void_p()
            with others.open(context, for_model=True) if others else Rows() as judges:
                context.check(lib.nq_report_page(
                    ctypes.byref(text), context.pointer, model.pointer, ctypes.byref(rows.source()),
                    ctypes.byref(judges.source()) if others else None, ctypes.byref(chosen)))
            return owned_text(text)
        page = self._with_rows(self._rows_of(X), "report", call)
        return page if path is None else None

    def _report(self, X, what, report):
        """report(&text, context, rows) as a dict."""
        def call(context, rows):
            text = ctypes.c_void_p()
            context.check(report(ctypes.byref(text), context.pointer, ctypes.byref(rows.source())))
            return owned_text(text)
        return Result(json.loads(self._with_rows(self._rows_of(X), what, call)))
