"""page.py SPEED.json PAGE_TEXT.md OUT.md - docs/speed.md from a run's JSON and the text about it."""
# SPDX-License-Identifier: MIT
# Copyright (c) the noneq authors
import os
import statistics
import sys

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
from report import page_write, wrapped

TASKS = {"train": "training update", "sample": "sampling", "bound": "evaluation of K"}
JOBS = {
    "a": "a: swiss roll, 16 radial basis functions, T = 40",
    "b": "b: heartbeat, 20-50-50-50, T = 2000",
    "c": "c: pictures of 28 x 28, T = 1000",
}


def digits(x):
    return f"{x:.3g}" if x < 1000 else f"{x:,.0f}"


def milliseconds(times):
    low, high = min(times), max(times)
    return f"{digits(1e3 * statistics.median(times))} ({digits(1e3 * low)}..{digits(1e3 * high)})"


def ratio(other, own):
    """Of medians, and its least and most over rounds."""
    each = [x / y for x, y in zip(other, own)]
    return (f"{statistics.median(other) / statistics.median(own):.2f} "
            f"({min(each):.2f}..{max(each):.2f})")


def best(engines, task, precision):
    peers = {name: e for name, e in engines.items()
             if e["kind"] == "peer" and e["precision"] == precision}
    return min(peers, key=lambda name: statistics.median(peers[name][task]), default=None)


def summary(results):
    lines = ["| job | task | noneq, ms | best peer | its ms | times noneq's | 1 thread / "
             f"{results['threads']} |", "|---|---|---|---|---|---|---|"]
    for job, result in results["jobs"].items():
        engines = result["engines"]
        for task, words in TASKS.items():
            own, one = engines["noneq"][task], engines["noneq, 1 thread"][task]
            name = best(engines, task, "float32")
            row = [job, words, digits(1e3 * statistics.median(own)), name or "none"]
            row += ([digits(1e3 * statistics.median(engines[name][task])),
                     ratio(engines[name][task], own)] if name else ["", ""])
            lines.append("| " + " | ".join(row + [ratio(one, own)]) + " |")
    return lines


def half(results):
    """Ours against the best bf16 peer: float32 and bf16."""
    result = results["jobs"].get("c")
    lines = []
    for task in TASKS if result else ():
        engines = result["engines"]
        name = best(engines, task, "bf16")
        if name:
            other = engines[name][task]
            line = f"* {TASKS[task]}: {name} takes {ratio(other, engines['noneq'][task])} times ours"
            line += " in float32"
            if task == "train" and "noneq, bf16" in engines:
                line += f", {ratio(other, engines['noneq, bf16'][task])} times ours in bf16"
            lines.append(wrapped(line + ".", "  "))
    return ["", "Job c in bf16 (median ratio, least..most):", "", *lines] if lines else []


def share(results):
    """Useful operations of job c against multiply-adds in registers, measured in the same rounds."""
    result = results["jobs"].get("c")
    if not result:
        return []
    peak, own = statistics.median(result["peak"]), result["engines"]["noneq"]
    forward, train = own["forward_flops"], own["train_flops"]
    speeds = [("training update", own["batch"] * train / statistics.median(own["train"])),
              ("sampling step", 64 * forward / statistics.median(own["sample"])),
              ("evaluation of K", forward * statistics.median(own["rate"]))]
    text = wrapped("Job c, useful operations (a multiply-add is two; what transforms save counts as "
                   f"done). Multiply-adds in registers on {results['threads']} threads: "
                   f"{1e-9 * peak:.0f} GFLOP/s.")
    lines = ["", text, "", "| | GFLOP/s | of the peak |", "|---|---|---|"]
    return lines + [f"| {words} | {1e-9 * speed:.0f} | {100 * speed / peak:.0f} % |"
                    for words, speed in speeds]


def everything(results):
    lines = []
    for job, result in results["jobs"].items():
        lines += ["", f"### {JOBS[job]}", "",
                  "| | " + " | ".join(f"{words}, ms" for words in TASKS.values()) +
                  " | K, 1000 / s | first loss, ms | MB | loss differs by |",
                  "|---" * 8 + "|"]
        for name, e in result["engines"].items():
            cells = [milliseconds(e[task]) for task in TASKS]
            cells += [digits(statistics.median(e["rate"]) / 1e3), digits(1e3 * e["start"]),
                      digits(e["memory"] / 1e6), f"{e['difference']:.0e}"]
            lines.append(f"| {name} | " + " | ".join(cells) + " |")
        for name, why in result["left_out"].items():
            lines += ["", wrapped(f"Left out: {name}: {why}")]
    return lines


def measurements(results):
    m, own = results["machine"], next(iter(results["jobs"].values()))["engines"]["noneq"]
    names = dict(torch="PyTorch", jax="JAX", jaxlib="jaxlib", numpy="numpy")
    versions = ", ".join(f"{names[k]} {v}" for k, v in results["versions"].items())
    text = (f"Measured {results['date']} on {m['cpu']}, {m['cores']} cores, {m['system']}; load "
            f"before the run {m['load']:.2f}. noneq {own['version']} ({own['cpu']} kernels); "
            f"{versions or 'no peers'}; Python {results['python']}. {results['rounds']} rounds of "
            f"turns of about {results['turn']} s on {results['threads']} threads; "
            f"{results['minutes']:.1f} minutes in all.")
    lines = [wrapped(text), ""]
    lines += summary(results) + half(results) + share(results)
    return lines + ["", "## All engines", "", "Medians, and least..most over rounds; MB: resident.",
                    *everything(results), ""]


page_write(measurements)
