"""anomalies.py - the rows of a table that fit it least, each with the column that is to blame."""
# SPDX-License-Identifier: MIT
# Copyright (c) the noneq authors
import numpy as np

import noneq


def main():
    """Hides five odd rows among a thousand and finds them."""
    rng = np.random.default_rng(1)
    rows = 1000
    weight = rng.normal(70, 12, rows)
    height = 1.3 + .006 * weight + rng.normal(0, .05, rows)
    x = np.column_stack([weight, height, rng.normal(37, .3, rows)])
    odd = rng.choice(rows, 5, replace=False)
    # Each number is usual, both together are not.
    x[odd, 1] += np.where(x[odd, 1] > 1.72, -.3, .3)
    model = noneq.Diffusion(base="normal", roles=1).fit(x)
    score, se = model.score_samples(x, return_se=True)
    worst = np.argsort(score)[:8]
    for row in worst:
        print(f"row {row:4d}: {score[row]:7.2f} +- {se[row]:.2f} nats"
              f"{'   <- hidden' if row in odd else ''}")
    print(f"{len(set(worst) & set(odd))} of 5 hidden rows are among the 8 least likely")


if __name__ == "__main__":
    main()
