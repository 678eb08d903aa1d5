#!/usr/bin/env python3
# discs.py - counts the whole discs in pictures of dead leaves: how round are leaves that are drawn?
# SPDX-License-Identifier: MIT
# Copyright (c) the noneq authors
"""Usage: discs.py FILE.npy... [--least R] [--most R]

Pictures [n, height, width] (or [n, height * width], square). A region is pixels whose grey levels
differ by less than 8 from a neighbour's. It counts where it touches no edge, its area is that of a
disc of the radii asked for (8 to 16), and 4 pi area / perimeter^2 is above .95: of a disc 1, of an
octagon .95, of a hexagon .91, of a square .79. The perimeter is Crofton's, by lines in four
directions. Needs numpy.
"""
import argparse
import math

import numpy as np

STEP, ROUND = 8, .95


def regions(grey):
    """A number for each pixel, the same for all of one region."""
    number = np.arange(grey.size).reshape(grey.shape)
    across = np.abs(np.diff(grey, axis=1)) < STEP
    down = np.abs(np.diff(grey, axis=0)) < STEP
    while True:
        old = number.copy()
        for first, second, same in ((np.s_[:, 1:], np.s_[:, :-1], across),
                                    (np.s_[1:], np.s_[:-1], down)):
            least = np.where(same, np.minimum(number[first], number[second]), number.size)
            number[first] = np.minimum(number[first], least)
            number[second] = np.minimum(number[second], least)
        number = number.ravel()[number]  # what the least pixel has come to
        if (number == old).all():
            return number


def roundness(inside):
    """4 pi area / perimeter^2 of a region inside[height, width]."""
    i = np.pad(inside, 1).astype(int)
    straight = np.abs(np.diff(i, axis=0)).sum() + np.abs(np.diff(i, axis=1)).sum()
    slanted = np.abs(i[1:, 1:] - i[:-1, :-1]).sum() + np.abs(i[1:, :-1] - i[:-1, 1:]).sum()
    perimeter = math.pi / 8 * (straight + slanted / math.sqrt(2))
    return 4 * math.pi * inside.sum() / perimeter**2


def count(grey, least, most):
    """Whole discs, and regions of their areas, in one picture."""
    number, discs, all_there = regions(grey), 0, 0
    names, areas = np.unique(number, return_counts=True)
    for name in names[(areas >= math.pi * least**2) & (areas <= math.pi * most**2)]:
        inside = number == name
        lines, pixels = np.flatnonzero(inside.any(1)), np.flatnonzero(inside.any(0))
        if lines[0] and pixels[0] and lines[-1] < len(grey) - 1 and pixels[-1] < grey.shape[1] - 1:
            box = inside[lines[0]:lines[-1] + 1, pixels[0]:pixels[-1] + 1]
            discs += roundness(box) > ROUND
            all_there += 1
    return discs, all_there


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", nargs="+")
    parser.add_argument("--least", type=float, default=8)
    parser.add_argument("--most", type=float, default=16)
    asked = parser.parse_args()
    for path in asked.files:
        rows = np.load(path).astype(float)
        side = round(math.sqrt(rows[0].size))
        found = np.array([count(row.reshape(row.shape[-2:] if rows.ndim > 2 else (side, side)),
                                asked.least, asked.most) for row in rows])
        print(f"{path}: {found[:, 0].mean():.1f} whole discs a picture of {found[:, 1].mean():.1f} "
              f"regions of their size; pictures {len(rows)}")


if __name__ == "__main__":
    main()
