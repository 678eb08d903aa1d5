"""test_manners.py - interrupts, threads, forks, bad input, progress, bindings."""
# SPDX-License-Identifier: MIT
# Copyright (c) the noneq authors
import multiprocessing
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import numpy as np
import pytest

import noneq

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def ctrl_c():
    """Python's own handler: what runs in the background of a shell ignores Ctrl-C."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield lambda seconds: threading.Timer(
        seconds, lambda: os.kill(os.getpid(), signal.SIGINT)).start()
    signal.signal(signal.SIGINT, before)


def test_ctrl_c_leaves_the_best_model(numbers, ctrl_c):
    model = noneq.Diffusion(minutes=5, threads=1)
    ctrl_c(2)
    begin = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        model.fit(numbers)
    assert time.monotonic() - begin < 10
    assert model.training_["updates"] > 0 and not model.training_["finished"]
    assert model.sample(3).shape == (3, 3)
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_ctrl_c_ends_drawing(numbers, fast, ctrl_c):
    model = noneq.Diffusion(**fast).fit(numbers)
    ctrl_c(1)
    begin = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        model.sample(3_000_000, steps=200)
    assert time.monotonic() - begin < 10


def test_threads_may_use_one_model(numbers, fast):
    model = noneq.Diffusion(**fast).fit(numbers)
    expected, found = model.sample(200), [None] * 4

    def work(i):
        found[i] = model.sample(200)
    threads = [threading.Thread(target=work, args=(i,)) for i in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(np.array_equal(rows, expected) for rows in found)


def test_a_forked_child_may_use_a_model(numbers, fast):
    model = noneq.Diffusion(**fast).fit(numbers)
    expected = model.sample(100)
    with multiprocessing.get_context("fork").Pool(1) as pool:
        assert np.array_equal(pool.apply(model.sample, (100,)), expected)


def test_the_interpreter_runs_while_the_library_works(numbers):
    ticks = []
    done = threading.Event()

    def count():
        while not done.is_set():
            ticks.append(1)
            time.sleep(.01)
    thread = threading.Thread(target=count)
    thread.start()
    noneq.Diffusion(updates=400, threads=1).fit(numbers)
    done.set()
    thread.join()
    assert len(ticks) > 10


@pytest.mark.parametrize("rows, message", [
    (np.zeros((0, 3)), "0 sample"),
    (np.zeros(5), "Expected 2D array"),
    (np.full((9, 2), np.inf), "finite"),
    (np.ones((9, 2), complex), "[Cc]omplex"),
])
def test_rows_that_are_none_are_refused(rows, message):
    with pytest.raises(ValueError, match=message):
        noneq.Diffusion().fit(rows)


def test_a_model_that_was_not_fitted_says_so():
    with pytest.raises(noneq.errors.NotFittedError, match="not fitted"):
        noneq.Diffusion().sample(3)


def test_a_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(noneq.errors.FileError, match="nowhere"):
        noneq.Diffusion.load(tmp_path / "nowhere.nq")
    with pytest.raises(noneq.NoneqError, match="nowhere"):
        noneq.Diffusion().fit(tmp_path / "nowhere.csv")


def test_an_error_in_evidence_comes_through(numbers, fast):
    model = noneq.Diffusion(**fast).fit(numbers)

    def wrong(_x, _target):
        raise RuntimeError("mine")
    with pytest.raises(RuntimeError, match="mine"):
        model.posterior(wrong, draws=3, particles=16)


def test_evidence_moves_draws(numbers, fast):
    model = noneq.Diffusion(**fast).fit(numbers)
    drawn = model.posterior(lambda x, _: -.5 * ((x[0] - 1) / .1) ** 2, draws=60, particles=128)
    assert abs(drawn[:, 0].mean() - 1) < .15
    assert np.isfinite(model.posterior_.log_evidence).all()


def test_a_bar_is_shown_where_it_is_wanted(numbers, fast, capsys):
    pytest.importorskip("tqdm")
    noneq.Diffusion(progress=True, **{**fast, "updates": 400}).fit(numbers)
    assert "fit" in capsys.readouterr().err


def test_noise_is_taken_away(numbers, fast):
    model = noneq.Diffusion(**fast).fit(numbers)
    assert model.denoise(numbers[:5], sigma=.2, particles=32).shape == (5, 3)
    with pytest.raises(noneq.errors.ArgumentError, match="sigma"):
        model.denoise(numbers[:5])


def test_reports_have_figures(numbers, fast):
    model = noneq.Diffusion(**fast).fit(numbers)
    report = model.eval(numbers, ais=4, max_rows=50, terms=100)
    assert report.bound.bits <= report.ais.bits + 1
    assert "bits" in repr(report)
    assert model.compare(model, numbers, terms=50).difference.bits == 0


def test_bindings_are_those_of_the_headers():
    pytest.importorskip("pycparser")
    if not (ROOT / "include" / "noneq.h").exists():
        pytest.skip("not in the source tree")
    subprocess.run([sys.executable, ROOT / "python" / "tools" / "generate.py", "--check"],
                   check=True)


def test_figures_are_drawn(numbers, frame):
    pytest.importorskip("matplotlib").use("Agg")
    model = noneq.Diffusion(updates=20, threads=1).fit(frame)
    assert len(noneq.plot.columns(model, frame).axes) >= frame.shape[1]
    plain = noneq.Diffusion(updates=20, threads=1, roles=1, steps=20).fit(numbers)
    noneq.plot.pairs(plain, numbers)
    noneq.plot.calibration(plain, numbers, max_rows=80, self_rows=20, permutations=20, given_rows=20)
    noneq.plot.entropy(plain, numbers, terms=100, max_rows=50)
    noneq.plot.training(plain)


def test_a_page_is_written(tmp_path, numbers, fast):
    model = noneq.Diffusion(**fast).fit(numbers)
    keywords = {"max_rows": 60, "samples": 60, "ais": 0}
    model.report(numbers, tmp_path / "r.html", test=numbers[:100], **keywords)
    page = (tmp_path / "r.html").read_text()
    assert page.startswith("<!DOCTYPE html>") and "</html>" in page
    assert page == model.report(numbers, test=numbers[:100], **keywords)
