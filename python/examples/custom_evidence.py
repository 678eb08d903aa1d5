"""custom_evidence.py - rows whose numbers add up to 3: a function of one's own times the model."""
# SPDX-License-Identifier: MIT
# Copyright (c) the noneq authors
import numpy as np

import noneq


def main():
    """Draws rows of x + y + z = 3 +- .1, and says how probable that is."""
    x = noneq.make_data("gaussian", 4000, dim=3, noise=.9)
    model = noneq.Diffusion(updates=500).fit(x)

    def log_budget(row, _target):
        gap = 3 - row.sum()
        return -.5 * (gap / .1) ** 2, np.full(3, gap / .1**2)

    rows = model.posterior(log_budget, draws=8, particles=200, has_gradient=True)
    for row in rows:
        print(np.round(row, 3), "sum", round(row.sum(), 3))
    found = model.posterior_
    print(f"log evidence {found.log_evidence[0]:.2f} nats, by {found.method}")


if __name__ == "__main__":
    main()
