"""_posterior.py - a model times evidence: rows that agree with what is known, and holes of pictures."""
# SPDX-License-Identifier: MIT
# Copyright (c) the noneq authors

import ctypes

import numpy as np

from . import _declared as c
from . import evidence as known
from ._arguments import copied, whole
from ._library import lib, options
from ._questions import Questions
from ._result import Result
from .errors import ArgumentError, ShapeError


class Posteriors(Questions):
    """Calls that draw from p(x) r(x)."""

    def posterior(self, evidence, *, draws=100, targets=1, method=None, particles=None,
                  has_gradient=False, steps=None, random_state=None):
        """Draws from model times evidence: p(x) r(x).

        Parameters
        ----------
        evidence : noneq.evidence.Evidence or callable
            What is known: `noneq.evidence` has known and noisy cells, levels, intervals, sums,
            squares of pictures, and their products. A function log_evidence(x, target) -> log r(x)
            is noneq.evidence.function of it.
        draws : int
            Rows for each target.
        targets, has_gradient
            Of a function: see noneq.evidence.function.
        method : str, optional
            paper, noised, particles or roles; None: by the model and the evidence.
        particles, steps : int, optional
            Particles of a filter; steps of a shorter chain.

        Returns
        -------
        rows in the form that was fitted (a list of them for several targets). `posterior_` has the
        log evidence with its error, and how many particles were effective.
        """
        model = self._fitted()
        if not isinstance(evidence, known.Evidence):
            evidence = known.function(evidence, targets=targets, has_gradient=has_gradient)
        chosen = options(c.nq_posterior_options, draws=whole(draws, "draws", 1), method=method,
                         particles=whole(particles, "particles"), steps=whole(steps, "steps", 1),
                         seed=self._seed(random_state))
        out = c.nq_posterior()
        bar, context = self._watched("posterior")
        with bar, context, evidence.open(context, model) as about:
            try:
                context.check(lib.nq_posterior_sample(
                    ctypes.byref(out), context.pointer, model.pointer, about.pointer,
                    ctypes.byref(chosen)))
                values = copied(out.samples, (out.targets, out.draws, out.columns))
                self.posterior_ = Result(
                    log_evidence=copied(out.log_evidence, (out.targets,)),
                    se=copied(out.log_evidence_se, (out.targets,)),
                    ess=copied(out.ess, (out.targets,)), method=out.method.decode())
            finally:
                lib.nq_posterior_free(ctypes.byref(out))
            context.warn()
        tables = [self._back(each) for each in values]
        return tables[0] if len(tables) == 1 else tables

    def inpaint(self, picture, *, draws=None, coarse=None, method=None, margin=None, window=None,
                jumps=None, steps=None, random_state=None):
        """Draws the pixels of a picture that are NaN given the others, of a model of pictures.

        Parameters
        ----------
        picture : [height, width] or [channels, height, width]
            Of any size, where the network does not depend on it. All NaN: a picture is drawn.
        draws : int, optional
            Gives a list of so many pictures; None: one picture, no list.
        coarse : Diffusion, optional
            A model of means of squares (trained with reduce), which draws those of the holes first.
        margin, window : int, optional
            Pixels around a hole that its draw looks at; the largest side that is drawn at once.
        """
        model, pixels = self._fitted(), np.asarray(picture, float)
        if pixels.ndim not in (2, 3):
            raise ShapeError(f"the picture has the shape {pixels.shape}; expected [height, width] "
                             "or [channels, height, width]")
        count = 1 if draws is None else whole(draws, "draws", 1)
        shape = c.nq_picture(*(1, *pixels.shape)[-3:])
        filled = np.repeat(pixels[None], count, axis=0)
        each = (ctypes.c_void_p * count)(*[one.ctypes.data for one in filled])
        method = options(c.nq_posterior_options, method=method, jumps=whole(jumps, "jumps"),
                         steps=whole(steps, "steps", 1), seed=self._seed(random_state))
        chosen = options(c.nq_inpaint_options, margin=whole(margin, "margin"),
                         most=whole(window, "window"))
        chosen.posterior = ctypes.pointer(method)
        if coarse is not None:
            if not isinstance(coarse, Posteriors):
                raise ArgumentError(f"coarse is a {type(coarse).__name__}; expected a Diffusion, "
                                    "such as Diffusion.load(path)")
            chosen.coarse = coarse._fitted().pointer
        bar, context = self._watched("inpaint")
        with bar, context:
            context.check(lib.nq_inpaint(each, context.pointer, model.pointer, count,
                                         ctypes.byref(shape), ctypes.byref(chosen)))
            context.warn()
        return filled[0] if draws is None else list(filled)
