#!/usr/bin/env python3
# anomaly_ecg.py - finds abnormal heartbeats by likelihood, beside two usual detectors.
# SPDX-License-Identifier: MIT
# Copyright (c) the noneq authors
"""anomaly_ecg.py NONEQ TRAIN TEST [TRAIN_OPTION...]

Rows of TRAIN and TEST are a label (1 normal, else abnormal) and numbers, separated by white space,
as in ECG200. Fits to the normal rows of TRAIN alone, scores TEST, and prints the area under the
ROC curve of
  the program NONEQ: log likelihood of a row by annealed importance sampling, and the bound,
  a Gaussian with full covariance, shrunk as Ledoit and Wolf do,
  scikit-learn's IsolationForest.
Needs numpy and scikit-learn: python3 -m venv V && V/bin/pip install numpy scikit-learn
Further words are options of `noneq train`; without any it is `noneq train DATA -o MODEL`."""
import subprocess
import sys
import tempfile
import time

import numpy
from sklearn.covariance import LedoitWolf
from sklearn.ensemble import IsolationForest
from sklearn.metrics import roc_auc_score

SEEDS = 3
TRAJECTORIES = 200


def noneq_scores(program, normal, test, options, seed):
    """Bound and likelihood of each row of test, in nats, and the seconds of training."""
    with tempfile.TemporaryDirectory() as folder:
        train_path, test_path = folder + "/train.npy", folder + "/test.npy"
        model, table = folder + "/model.nq", folder + "/scores.npy"
        numpy.save(train_path, normal.astype(numpy.float32))
        numpy.save(test_path, test.astype(numpy.float32))
        common = ["--quiet", "--seed", str(seed)]
        begin = time.time()
        subprocess.run([program, "train", train_path, "-o", model] + common + options,
                       check=True)
        seconds = time.time() - begin
        score = [program, "score", model, test_path, "-o", table] + common
        subprocess.run(score, check=True)
        bound = numpy.load(table)[:, 2]
        subprocess.run(score + ["--ais", str(TRAJECTORIES)], check=True)
        return bound, numpy.load(table)[:, 2], seconds


def report(name, areas, note=""):
    print(f"{name:28s} {numpy.mean(areas):.4f}  (runs: "
          f"{', '.join(f'{a:.4f}' for a in areas)}) {note}")


def main():
    if len(sys.argv) < 4:
        sys.exit(__doc__)
    program, options = sys.argv[1], sys.argv[4:]
    train, test = (numpy.loadtxt(path) for path in sys.argv[2:4])
    normal = train[train[:, 0] == 1, 1:]
    is_abnormal, rows = test[:, 0] != 1, test[:, 1:]
    print(f"{len(normal)} normal rows to fit; {len(rows)} rows to score, "
          f"{is_abnormal.sum()} abnormal")

    def area(likelihood):
        return roc_auc_score(is_abnormal, -likelihood)

    ours = [noneq_scores(program, normal, rows, options, seed + 1) for seed in range(SEEDS)]
    report("noneq, log p", [area(likelihood) for _, likelihood, _ in ours],
           f"{ours[0][2]:.1f} s to train")
    report("noneq, bound K", [area(bound) for bound, _, _ in ours])
    report("Gaussian, Ledoit-Wolf", [area(LedoitWolf().fit(normal).mahalanobis(rows) * -1)])
    report("IsolationForest", [area(IsolationForest(random_state=seed).fit(normal)
                                    .score_samples(rows)) for seed in range(SEEDS)])


if __name__ == "__main__":
    main()
