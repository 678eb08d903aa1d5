"""run.py - noneq and other makers of synthetic tables on the same rows; page.py makes the page.

Each method runs in processes of its own on one thread. This one imports nothing large, because the
peak memory of a child begins with its parent's."""
# SPDX-License-Identifier: MIT
# Copyright (c) the noneq authors
import argparse
import json
import os
import shlex
import signal
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
from report import machine

HERE = os.path.dirname(os.path.abspath(__file__))
SETS = "adult adult-all california abalone wine concrete german student chess".split()
# And the packages that the peers take.
METHODS = {"noneq": (), "training": (), "independent": (), "cart": ("sklearn",),
           "smote": ("sklearn",), "mixture": ("sklearn",), "copula": ("sdv",),
           "ctgan": ("sdv", "ctgan"), "tvae": ("sdv", "ctgan"), "tabddpm": ("torch", "sklearn"),
           "forest": ("forestdiffusion", "xgboost"), "flow": ("zuko",)}
# What fills hidden cells (filling.py), and the tables that are filled.
FILLERS = {"noneq": (), "mean": (), "knn": ("sklearn",), "nearest": ("sklearn",),
           "mice": ("sklearn",), "missforest": ("sklearn",),
           "forest": ("forestdiffusion", "xgboost")}
FILLED = "adult california abalone wine".split()
DRAWS = 20
DENSITIES = ("mixture", "flow")  # of tables of numbers alone
PACKAGES = ("numpy", "lightgbm", "scikit-learn", "pandas", "sdv", "ctgan", "torch",
            "forestdiffusion", "xgboost", "zuko")
MOST_ROWS = 20000  # that are drawn; else as many as there are training rows
THREADS = {name + "_NUM_THREADS": "1" for name in ("OMP", "OPENBLAS", "MKL", "LOKY_MAX_CPU")}


class Failed(Exception):
    pass


def options_read():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--noneq", default="build/release/noneq")
    parser.add_argument("--python", default=sys.executable, help="one with numpy, and the peers")
    parser.add_argument("--sets", default=",".join(SETS), help="also generated:ROWS")
    parser.add_argument("--methods", default=",".join(METHODS))
    parser.add_argument("--fillers", default=",".join(FILLERS),
                        help="of hidden cells; none: nothing is filled")
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--limit", type=float, default=7200, help="seconds of one command")
    parser.add_argument("--out", default="build/bench/tables.json")
    parser.add_argument("--keep", action="store_true", help="go on with what OUT has")
    options = parser.parse_args()
    options.noneq = os.path.abspath(options.noneq)
    options.sets, options.methods = options.sets.split(","), options.methods.split(",")
    options.fillers = [] if options.fillers == "none" else options.fillers.split(",")
    unknown = [x for x in options.methods if x not in METHODS] + [
        x for x in options.fillers if x not in FILLERS] + [        x for x in options.sets if x not in SETS and not x.startswith("generated:")]
    if unknown or options.seeds < 1:
        parser.error(f"no such set or method: {', '.join(unknown)}" if unknown else "no seeds")
    options.train = shlex.split(os.environ.get("NONEQ_TRAIN_OPTIONS", ""))
    return options


def child(command, limit):
    """Its output, processor seconds and peak memory in bytes, with all that it waited for."""
    env = dict(os.environ, **THREADS, CUDA_VISIBLE_DEVICES="", PYTHONDONTWRITEBYTECODE="1",
               PYTHONWARNINGS="ignore")
    with tempfile.TemporaryFile("w+") as out, tempfile.TemporaryFile("w+") as errors:
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=out, stderr=errors,
                                   env=env)
        signal.signal(signal.SIGALRM, lambda *_: process.kill())
        signal.setitimer(signal.ITIMER_REAL, limit)
        try:
            _, status, usage = os.wait4(process.pid, 0)
        except BaseException:
            process.kill()
            raise
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0), errors.seek(0)
        last = (errors.read().strip().splitlines() or [""])[-1]
        if process.returncode == -signal.SIGKILL:
            raise Failed(f"ended after {limit:g} s, or for want of memory")
        if process.returncode:
            raise Failed(last or f"status {process.returncode}")
        return out.read(), usage.ru_utime + usage.ru_stime, usage.ru_maxrss * 1024


def python(options, script, *words):
    return [options.python, os.path.join(HERE, script), *map(str, words)]


def commands(method, folder, rows, seed, options):
    """What a user would call, through files."""
    if method != "noneq":
        return [python(options, "methods.py", method, folder, rows, seed)]
    model, common = os.path.join(folder, "model.nq"), ["--seed", str(seed), "--threads", "1", "-q"]
    train, drawn = (os.path.join(folder, name + ".csv") for name in ("train", "synthetic"))
    return [[options.noneq, "train", train, "-o", model, "--restart", *common, *options.train],
            [options.noneq, "sample", model, "-n", str(rows), "-o", drawn, *common]]


def grids_write(folder, options):
    """Steps of the columns, as noneq finds them, for the densities of others: 0 where each number
    is one of its own, None where values repeat and are on no grid."""
    facts = json.loads(child([options.noneq, "info", os.path.join(folder, "train.csv"), "--json"],
                             options.limit)[0])
    with open(os.path.join(folder, "grids.json"), "w") as file:
        json.dump({column["name"]: column.get("step") or (0 if column["kind"] == "real" else None)
                   for column in facts["columns"]}, file)


def likelihood(method, folder, seed, about, options):
    """Log2 P of held-out rows as recorded, of the methods that have one. Of noneq it is K; rows
    that are impossible to the model are counted apart."""
    if method in DENSITIES and "category" not in about["kinds"].values():
        return json.loads(child(python(options, "densities.py", method, folder, seed),
                                options.limit)[0])
    if method != "noneq":
        return {}
    report = json.loads(child([options.noneq, "eval", os.path.join(folder, "model.nq"),
                               os.path.join(folder, "test.csv"), "--json", "--threads", "1"],
                              options.limit)[0])
    return dict(bits=report["bound"]["bits"], bits_error=report["bound"]["se"],
                impossible=report.get("impossible", 0))


def once(method, folder, rows, seed, about, options):
    usage = [child(command, options.limit)[1:]
             for command in commands(method, folder, rows, seed, options)]
    figures = json.loads(child(python(options, "figures.py", folder), options.limit)[0])
    more = likelihood(method, folder, seed, about, options)
    return dict(seed=seed, seconds=sum(s for s, _ in usage), memory=max(m for _, m in usage),
                **figures, **more)


def fill(method, folder, seed, options):
    """Processor seconds of learning and of filling, and how good the draws are. noneq is one model;
    of the others the start of Python is not counted."""
    if method == "noneq":
        path = lambda name: os.path.join(folder, name)
        common = ["--seed", str(seed), "--threads", "1", "-q"]
        usage = [child([options.noneq, *words, *common], options.limit)[1] for words in (
            ["train", path("train.csv"), "-o", path("filler.nq"), "--roles", "1", "--restart",
             *options.train],
            ["impute", path("filler.nq"), path("gaps.csv"), "-n", str(DRAWS), "-o",
             path("filled.csv")])]
        seconds = dict(fit=usage[0], fill=usage[1])
    else:
        seconds = json.loads(child(python(options, "filling.py", method, folder, seed),
                                   options.limit)[0])
    figures = json.loads(child(python(options, "filling.py", "score", folder), options.limit)[0])
    return dict(seed=seed, **seconds, **figures)


def lacking(needs, results):
    names = [p for p in needs if p.replace("sklearn", "scikit-learn") not in results["versions"]]
    return f"{names[0]} is not installed" if names else None


def filling_run(name, folder, result, results, options):
    child(python(options, "filling.py", "hide", folder), options.limit)
    for method in options.fillers:
        cell = result.setdefault("filling", {}).setdefault(method, dict(runs=[]))
        cell.pop("why", None)
        if (why := lacking(FILLERS[method], results)):
            cell["why"] = why
            continue
        for seed in range(len(cell["runs"]) + 1, options.seeds + 1):
            print(f"{name}: filled by {method}, seed {seed}", file=sys.stderr, flush=True)
            try:
                cell["runs"].append(fill(method, folder, seed, options))
            except Failed as failure:
                cell["why"] = str(failure).replace(folder + "/", "")
                break
            save(results, options)


def packages_find(options):
    code = ("import importlib.metadata as m, json, sys\nfound = {}\n"
            "for name in sys.argv[1:]:\n    try: found[name] = m.version(name)\n"
            "    except m.PackageNotFoundError: pass\nprint(json.dumps(found))")
    return json.loads(child([options.python, "-c", code, *PACKAGES], 60)[0])


def set_run(name, results, options):
    result = results["sets"].setdefault(name, dict(methods={}))
    with tempfile.TemporaryDirectory() as folder:
        child(python(options, "sets.py", name, folder), options.limit)
        with open(os.path.join(folder, "about.json")) as file:
            about = json.load(file)
        grids_write(folder, options)
        result.update(about, rows=min(about["train"], MOST_ROWS))
        for method in options.methods:
            cell = result["methods"].setdefault(method, dict(runs=[]))
            cell.pop("why", None)
            if (why := lacking(METHODS[method], results)):
                cell["why"] = why
                continue
            for seed in range(len(cell["runs"]) + 1, options.seeds + 1):
                print(f"{name}: {method}, seed {seed}", file=sys.stderr, flush=True)
                try:
                    cell["runs"].append(once(method, folder, result["rows"], seed, about,
                                             options))
                except Failed as failure:
                    cell["why"] = str(failure).replace(folder + "/", "")
                    break
                save(results, options)
        if name in FILLED or name.startswith("generated:"):
            filling_run(name, folder, result, results, options)


def save(results, options):
    with open(options.out + ".partial", "w") as file:
        json.dump(results, file, indent=1)
    os.replace(options.out + ".partial", options.out)


def main():
    options = options_read()
    os.makedirs(os.path.dirname(os.path.abspath(options.out)), exist_ok=True)
    results = dict(sets={})
    if options.keep and os.path.exists(options.out):
        with open(options.out) as file:
            results = json.load(file)
        if results["options"] != options.train:
            sys.exit(f"{options.out} has figures of other NONEQ_TRAIN_OPTIONS: nothing is kept")
    results.update(date=time.strftime("%Y-%m-%d"), machine=machine(), seeds=options.seeds,
                   noneq=child([options.noneq, "--version"], 60)[0].split()[-1],
                   versions=packages_find(options), options=options.train,
                   python=child([options.python, "--version"], 60)[0].split()[-1])
    for name in options.sets:
        try:
            set_run(name, results, options)
        except Failed as failure:
            results["sets"][name]["why"] = str(failure)
        save(results, options)
    print(f"{options.out} is written")


if __name__ == "__main__":
    try:
        main()
    except (KeyboardInterrupt, Failed) as reason:
        sys.exit(f"ended early: {reason or 'interrupted'}; --keep goes on from there")
