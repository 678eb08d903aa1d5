"""page.py TABLES.json PAGE_TEXT.md OUT.md - docs/tables-bench.md from a run's JSON and the text
about it."""
# SPDX-License-Identifier: MIT
# Copyright (c) the noneq authors
import os
import shlex
import statistics
import sys

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
from report import page_write, wrapped

# Heading, factor and decimals of each figure.
FIGURES = {
    "shape": ("shape, %", 100, 2), "trend": ("trend, %", 100, 2), "c2st": ("C2ST", 1, 3),
    "usefulness": ("usefulness", 1, 3), "closeness": ("closeness", 1, 3),
    "seconds": ("processor s", 1, 1), "memory": ("peak MB", 1e-6, 0),
}
LIKELIHOOD = {"bits": ("K, bits", 1, 2), "impossible": ("rows impossible", 1, 1)}
FILLING = {"rmse": ("RMSE", 1, 3), "crps": ("CRPS", 1, 3), "coverage": ("coverage, %", 100, 1),
           "width": ("width", 1, 2), "accuracy": ("right, %", 100, 1),
           "fit": ("learning, s", 1, 1), "fill": ("filling, s", 1, 2)}
NOT_RUN = "not run"


def cell(runs, name, factor, decimals):
    """Mean over seeds, and its standard error where there are several."""
    values = [factor * run[name] for run in runs if run.get(name) is not None]
    if not values:
        return NOT_RUN
    text = f"{statistics.mean(values):,.{decimals}f}"
    if len(values) > 1:
        text += f" ± {statistics.stdev(values) / len(values) ** .5:,.{decimals}f}"
    return text


def row(cells):
    return "| " + " | ".join(cells) + " |"


def table(methods):
    lines = [row(["", *(words for words, _, _ in FIGURES.values())]),
             "|---" * (len(FIGURES) + 1) + "|"]
    for name, method in methods.items():
        cells = [cell(method["runs"], key, *how) for key, (_, *how) in FIGURES.items()]
        lines.append(row([name, *cells]))
    return lines


def likelihood(results):
    """Of the methods that have one."""
    own, others = "noneq", ("mixture", "flow")
    lines = [row(["", *(words for words, _, _ in LIKELIHOOD.values()), "of", "bits of the law",
                  *(f"{method}, bits" for method in others)]),
             "|---" * (len(LIKELIHOOD) + 3 + len(others)) + "|"]
    for name, result in results["sets"].items():
        runs = {method: result["methods"].get(method, {}).get("runs", [])
                for method in (own, *others)}
        truth = f"{result['truth']:.2f}" if "truth" in result else ""
        found = {method: cell(runs[method], "bits", *LIKELIHOOD["bits"][1:]) for method in others}
        lines.append(row([
            name, *(cell(runs[own], key, *how) for key, (_, *how) in LIKELIHOOD.items()),
            f"{result.get('test', 0):,}", truth,
            *("" if text == NOT_RUN else text for text in found.values())]))
    return lines


def filling(results):
    """Hidden cells, by table."""
    lines = []
    for name, result in results["sets"].items():
        if "filling" not in result:
            continue
        lines += ["", f"#### {name}", "",
                  row(["", *(words for words, _, _ in FILLING.values())]),
                  "|---" * (len(FILLING) + 1) + "|"]
        for method, record in result["filling"].items():
            cells = [cell(record["runs"], key, *how) for key, (_, *how) in FILLING.items()]
            # What a method does not have, such as intervals of one number, is no missing run.
            lines.append(row([method, *("" if text == NOT_RUN and record["runs"] else text
                                        for text in cells)]))
        for method, record in result["filling"].items():
            if "why" in record:
                lines += ["", wrapped(f"Not run: {method}: {record['why']}")]
    return ["", "### Filling in hidden cells", *lines] if lines else []


def set_describe(name, result):
    if "kinds" not in result:
        return ["", f"### {name}", "", wrapped(f"Not run: {result.get('why')}")]
    count = sum(kind == "category" for kind in result["kinds"].values())
    what = {"class": "a class", "number": "a number"}[result["task"]]
    lines = ["", f"### {name}", "", wrapped(
        f"{result['train']:,} training and {result['test']:,} held-out rows of "
        f"{len(result['kinds'])} columns, {count} of them categories; "
        f"{result['rows']:,} rows drawn; usefulness is of {result['target']}, {what}."),
        "", *table(result["methods"])]
    for method, record in result["methods"].items():
        if "why" in record:
            seeds = f" after {len(record['runs'])} seeds" if record["runs"] else ""
            lines += ["", wrapped(f"Not run{seeds}: {method}: {record['why']}")]
    return lines


def conditions(results):
    m, versions = results["machine"], results["versions"]
    options = shlex.join(results["options"])
    how = f"with {options}" if options else "without options"
    return wrapped(
        f"Measured {results['date']} on {m['cpu']}, {m['cores']} cores, {m['memory']}, "
        f"{m['system']}; load before the run {m['load']:.2f}. "
        f"noneq {results['noneq']}, trained {how}; "
        + ", ".join(f"{name} {version}" for name, version in versions.items())
        + f"; Python {results['python']}. Seeds: {results['seeds']}; ± is the standard error of "
        "the mean over them, of training, drawing and all.")


def measurements(results):
    lines = [conditions(results)]
    for name, result in results["sets"].items():
        lines += set_describe(name, result)
    return lines + filling(results) + ["", "### Likelihood of held-out rows", "", *likelihood(results)]


if __name__ == "__main__":
    page_write(measurements)
