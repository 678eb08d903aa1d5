"""run.py - times the standard jobs for noneq, PyTorch and JAX in one run, taking turns.

For each job every engine is started, its loss compared with noneq's on the same weights, rows, times
and noise, and then all are asked in turn, round after round. Writes JSON; page.py makes the page."""
# SPDX-License-Identifier: MIT
# Copyright (c) the noneq authors
import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
from engines import Engine, Failed, JAX_INNER, engine_table
from report import machine

TASKS = ("train", "sample", "bound")
# Greatest relative difference of a loss from noneq's in float32.
TOLERANCE = {"float32": 1e-4, "bf16": 1e-2}
STARTS = 20


def options_read():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--noneq", default="build/release/bench/bench_jobs")
    parser.add_argument("--python", default=sys.executable, help="the peers' Python")
    parser.add_argument("--out", default="build/bench/speed.json")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--turn", type=float, default=0.3, help="seconds of an engine's turn")
    parser.add_argument("--jobs", default="abc")
    parser.add_argument("--threads", type=int, default=2)
    options = parser.parse_args()
    options.folder = os.path.join(os.path.dirname(os.path.abspath(options.out)), "exchange")
    os.makedirs(options.folder, exist_ok=True)
    options.peers = peers_find(options.python)
    return options


def peers_find(python):
    """Those that this Python has, with their versions."""
    code = ("import importlib.metadata as m, json\n"
            "found = {}\n"
            "for name in ('torch', 'jax', 'jaxlib', 'numpy'):\n"
            "    try: found[name] = m.version(name)\n"
            "    except m.PackageNotFoundError: pass\n"
            "print(json.dumps(found))")
    found = json.loads(subprocess.run([python, "-c", code], capture_output=True, check=True,
                                      text=True).stdout)
    return found if "numpy" in found else {}


def noneq_start(job, options):
    """Median seconds from the start of the process to its first loss."""
    times = []
    for _ in range(STARTS):
        engine = Engine("noneq", "noneq", "float32", [options.noneq, job, str(options.threads)],
                        options)
        times.append(engine.first_result()[0])
        engine.end()
    return statistics.median(times)


def reference_write(job, options):
    engine = Engine("noneq", "noneq", "float32", [options.noneq, job, "1"], options)
    loss = engine.ask("write " + options.folder)["loss"]
    engine.end()
    return loss


def engine_open(row, job, reference, options):
    """A checked and warm engine, and its record."""
    engine = Engine(*row, options)
    try:
        start, check = engine.first_result()
        difference = abs(check["loss"] - reference) / abs(reference)
        if not difference <= TOLERANCE[engine.precision]:
            sys.exit(f"job {job}: the loss of {engine.name} is {check['loss']:.7g} and noneq's is "
                     f"{reference:.7g}: they do not compute the same, so nothing is timed")
        record = {**engine.ask("hello"), "kind": engine.kind, "precision": engine.precision,
                  "start": start, "loss": check["loss"], "difference": difference}
        if engine.kind == "noneq":
            record["start"] = noneq_start(job, options)
        else:
            engine.ask("warm " + ",".join(TASKS))
        record["counts"] = {task: count_choose(engine, task, job, options) for task in TASKS}
    except Failed:
        engine.end()
        raise
    record.update({task: [] for task in TASKS}, rate=[])
    engine.rest()
    return engine, record


def count_choose(engine, task, job, options):
    """How many fill a turn, as far as the engine's own calls allow."""
    inner = JAX_INNER[job] if engine.name == "JAX" and task == "train" else 1
    reply = engine.ask(f"{task} {inner}")
    each = reply["seconds"] / reply["count"]
    most = 500 if job == "c" and task == "sample" else 100000  # a trajectory has 1000 steps
    return min(max(round(options.turn / each / inner), 1) * inner, most)


def round_run(engines, records):
    for task in TASKS:
        for engine in engines:
            record = records[engine.name]
            reply = engine.ask(f"{task} {record['counts'][task]}")
            engine.rest()
            record[task].append(reply["seconds"] / reply["count"])
            if task == "bound":
                record["rate"].append(reply["evaluations"] / reply["seconds"])
            if task == "train" and not reply["loss"] < 1e9:
                sys.exit(f"{engine.name} diverged, so that its times mean nothing")


def job_run(job, options):
    reference = reference_write(job, options)
    engines, records, left_out, peaks = [], {}, {}, []
    for row in engine_table(job, options):
        print(f"job {job}: {row[0]}", file=sys.stderr, flush=True)
        try:
            engine, record = engine_open(row, job, reference, options)
        except Failed as failure:
            if row[1] == "noneq" and row[2] == "float32":
                sys.exit(str(failure))
            left_out[row[0]] = str(failure)
            continue
        engines.append(engine)
        records[engine.name] = record
    for number in range(options.rounds):
        print(f"job {job}: round {number + 1} of {options.rounds}", file=sys.stderr, flush=True)
        round_run(engines, records)
        peaks.append(engines[0].ask("peak")["flops"])
        engines[0].rest()
    for engine in engines:
        records[engine.name]["memory"] = engine.ask("memory")["bytes"]
        engine.end()
    return dict(reference=reference, engines=records, left_out=left_out, peak=peaks)


def table_print(results):
    for job, result in results["jobs"].items():
        engines = result["engines"]
        print(f"\njob {job}: milliseconds, median (least..most of {results['rounds']} rounds); "
              "times noneq's")
        for task in TASKS:
            base = statistics.median(engines["noneq"][task])
            for name, record in engines.items():
                times = [1e3 * x for x in record[task]]
                middle = statistics.median(times)
                print(f"  {task:7} {name:22} {middle:10.4g}  ({min(times):.4g}..{max(times):.4g})"
                      f"  {middle / 1e3 / base:7.2f}")
        for name, record in engines.items():
            print(f"  first loss after {1e3 * record['start']:.4g} ms, "
                  f"{record['memory'] / 1e6:.4g} MB resident: {name}")
        for name, why in result["left_out"].items():
            print(f"  left out: {name}: {why}")


def main():
    options = options_read()
    cores = sorted(os.sched_getaffinity(0))[:options.threads]
    begin = time.time()
    about = machine()
    os.sched_setaffinity(0, cores)
    results = dict(date=time.strftime("%Y-%m-%d"), machine=about, versions=options.peers,
                   python=platform.python_version(), rounds=options.rounds, turn=options.turn,
                   threads=options.threads,
                   jobs={job: job_run(job, options) for job in options.jobs})
    results["minutes"] = (time.time() - begin) / 60
    with open(options.out, "w") as file:
        json.dump(results, file, indent=1)
    table_print(results)
    print(f"\n{results['minutes']:.1f} minutes; load before: {about['load']:.2f}; {options.out}")


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        sys.exit("interrupted: nothing is written")
