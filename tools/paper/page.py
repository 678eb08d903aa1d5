#!/usr/bin/env python3
# page.py - writes docs/paper.md from what the rows of tools/paper/run.sh left behind.
# SPDX-License-Identifier: MIT
# Copyright (c) the noneq authors
"""Usage: page.py FOLDER [-o PAGE] [--note TEXT]

FOLDER/ROW holds eval.json, perhaps gaussian.json, mixture.json and perfect.json, machine.json, `commands`
(seconds, tab, command), and where a row did not end well `absent` or `failed` with a sentence.
"""
import argparse
import glob
import json
import os
import sys
import textwrap

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from rows import FIGURES, PAPER_PARZEN, ROWS

HEAD = """# The paper's tables, rerun

Written by `make paper` (`tools/paper/`); do not edit. Tables 1 and 2 of Sohl-Dickstein et al. 2015,
cited as [SD15], as far as they can be rerun: every row with our figure, the paper's, a ceiling where one
is known, the commands, the machine and the time. ± is the Monte Carlo standard error unless it says
otherwise. K is in the model's scaled units, as in the paper, and a pixel is all its colours. A figure on
other data than the paper's is no rerun of the paper's figure; such rows are marked **substitute**.

    make paper                          # every row, with the presets' own lengths of training
    make paper MINUTES=5                # five minutes of training for each row of pictures
    make paper ROWS="mnist bark" MNIST_MINUTES=60
    make paper RESUME=1                 # what is not done yet of a run that was interrupted

Data come from the folder `$NONEQ_DATA`: `mnist/` (the official files), `cifar10/` (CIFAR-10 binary),
`bark/` (photographs). Models, JSON and pictures of every row are left in `build/paper/`. Seconds are of the clock, on a
machine that other work may have shared.
"""


def wrapped(text, indent=""):
    """A paragraph, or with an indent a point of a list, in lines of at most 120 columns."""
    return textwrap.fill(text, 120, subsequent_indent=indent, break_long_words=False,
                         break_on_hyphens=False)


def number(value, digits):
    if value is None:
        return "–"
    return f"{value:.{digits}f}".replace("-", "−")


def with_error(value, error, digits):
    return number(value, digits) + ("" if error is None else f" ± {error:.{digits}f}")


class Row:
    """One row's results; what is missing is None."""

    def __init__(self, folder, plan):
        self.plan = plan
        self.folder = os.path.join(folder, plan["name"])
        self.eval = self.load("eval.json")
        self.gaussian = self.load("gaussian.json")
        self.perfect = self.load("perfect.json")
        self.mixture = self.load("mixture.json")
        self.machine = self.load("machine.json")
        self.commands = [line.split("\t", 1) for line in self.text("commands").splitlines()]

    def text(self, name):
        try:
            with open(os.path.join(self.folder, name), encoding="utf-8") as file:
                return file.read().strip()
        except OSError:
            return ""

    def load(self, name):
        try:
            return json.loads(self.text(name) or "null")
        except ValueError:
            return None

    def why_not(self):
        """A sentence where there is no figure, else None."""
        if self.eval and not self.text("failed"):
            return None
        return self.text("absent") or self.text("failed") or "not run"

    def no_figure(self):
        """The same for a cell of a table: reasons that need a line stand in the row's section."""
        why_not = self.why_not()
        return "no figure, see below" if why_not and len(why_not) > 30 else why_not

    def scale(self):
        """Rows of the table's unit in a data row: pixels, or 1."""
        if self.plan["unit"] != "bits/pixel":
            return 1
        return self.eval["picture"]["height"] * self.eval["picture"]["width"]

    def bound(self):
        part = self.eval["bound"]
        return with_error(part["bits"] / self.scale(), part["se"] / self.scale(), 3)

    def gain(self):
        part = self.eval["gain"]
        return with_error(part["bits"] / self.scale(), self.eval["bound"]["se"] / self.scale(), 3)

    def name(self):
        title = self.plan["title"]
        return f"{title}, **substitute**" if self.plan.get("substitute") else title

    def seconds(self):
        return sum(float(seconds) for seconds, _ in self.commands)


def duration(seconds):
    if seconds < 90:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.1f} min" if seconds < 5400 else f"{seconds / 3600:.1f} h"


def table_1(rows):
    lines = ["## Table 1: the bound\n",
             "| data | unit | K here | K [SD15] | K − L_null here | [SD15] | time |",
             "|---|---|---|---|---|---|---|"]
    ceilings = []
    for row in rows:
        plan = row.plan
        if "paper_bound" not in plan:
            continue
        why_not = row.no_figure()
        here = [f"*{why_not}*", "–"] if why_not else [f"**{row.bound()}**", row.gain()]
        lines.append(f"| {row.name()} | {plan['unit']} | {here[0]} | {plan['paper_bound']} | "
                     f"{here[1]} | {plan['paper_gain']} | "
                     f"{duration(row.seconds()) if not why_not else '–'} |")
        ceilings.append(f"* {plan['title']}: {plan['ceiling']}")
    return "\n".join(lines + ["\nA ceiling of K, or the truth:\n"] + ceilings) + "\n"


def table_2(rows):
    lines = ["## Table 2: against other models\n", "| data | model | figure |", "|---|---|---|"]
    leaves = next(row for row in rows if row.plan["name"] == "deadleaves")
    lines += ["| dead leaves | MCGSM [SD15] | 1.244 bits/pixel |",
              "| dead leaves | diffusion [SD15] | 1.489 bits/pixel |",
              f"| {leaves.name()} | noneq, K | {leaves.no_figure() or leaves.bound() + ' bits/pixel'} |"]
    if leaves.gaussian:
        lines.append(f"| {leaves.name()} | Gaussian with full covariance, the same crops | "
                     f"{number(leaves.gaussian['bits_per_pixel'], 3)} bits/pixel |")
    if leaves.mixture:
        for name, text in (("joint", "scale mixture of {scales} normal laws of a crop"),
                           ("conditional", "{parts} mixed conditionals, as MCGSM")):
            part = leaves.mixture[name]
            lines.append(f"| {leaves.name()} | {text.format(**leaves.mixture)}, the same crops | "
                         f"{with_error(part['bits_per_pixel'], part['se_rows'], 3)} bits/pixel |")
    mnist = next(row for row in rows if row.plan["name"] == "mnist")
    lines += [f"| MNIST, Parzen windows | {model} | {bits} bits |" for model, bits in PAPER_PARZEN]
    lines.append(f"| MNIST, Parzen windows | noneq | {parzen_text(mnist, mnist.eval)} |")
    if mnist.perfect:
        lines.append("| MNIST, Parzen windows | training pictures as samples | "
                     f"{parzen_text(mnist, mnist.perfect)} |")
    return "\n".join(lines) + "\n\nThe ± of Parzen windows and of mixtures is over rows.\n"


def figures_table(rows):
    """The paper's figures, and where ours are."""
    lines = ["## Figures\n", "| [SD15] | what it shows | here, in `build/paper/` |", "|---|---|---|"]
    for number_, text, name, files in FIGURES:
        row = next(row for row in rows if row.plan["name"] == name)
        there = [f"`{name}/{file}`" for file in files
                 if os.path.exists(os.path.join(row.folder, file))]
        lines.append(f"| figure {number_} | {text} | {', '.join(there) or '*not made*'} |")
    return "\n".join(lines) + "\n"


def parzen_text(row, result):
    if row.why_not():
        return row.no_figure()
    parzen = result["parzen"]
    return (f"{with_error(parzen['bits'], parzen['se_rows'], 1)} bits ({parzen['samples']} samples, "
            f"{parzen['rows']} rows, width {parzen['width']:.3f})")


def figures(row):
    """Lines beside the tables."""
    result, out = row.eval, []
    grey = result.get("bits_per_dim_8bit")
    if grey is not None:
        line = f"{with_error(grey, result['bits_per_dim_8bit_se'], 3)} bits per dimension on the 8-bit scale"
        if row.plan.get("paper_grey"):
            line += f"; [SD15]: {row.plan['paper_grey']}"
        out.append(line)
    if "bits_per_pixel" in result["bound"] and "paper_bound" not in row.plan:
        out.append(f"K {row.bound()} bits/pixel, K − L_null {row.gain()}")
    if row.gaussian:
        gap = result["bound"]["bits_per_pixel"] - row.gaussian["bits_per_pixel"]
        out.append(f"a Gaussian with full covariance on {row.gaussian['train_crops']} of the same crops: "
                   f"{number(row.gaussian['bits_per_pixel'], 3)} bits/pixel on "
                   f"{row.gaussian['test_crops']} test crops; K is {number(abs(gap), 3)} "
                   f"{'above' if gap >= 0 else 'BELOW'}")
    out.append(f"{result['rows']} rows to judge by, T = {result['steps']}, β_1 = {result['beta_1']:g}")
    return out


def command_lines(command, seconds):
    """A command as a shell takes it, in lines that a page has room for."""
    comment = f"# {duration(float(seconds))}"
    whole = comment.replace(" ", "\0")  # a line of a comment that ended in a backslash would be cut
    lines = textwrap.wrap(f"{command}    {whole}", 116, initial_indent=" " * 4,
                          subsequent_indent=" " * 8, break_long_words=False,
                          break_on_hyphens=False, replace_whitespace=False, drop_whitespace=True)
    return " \\\n".join(lines).replace(whole, comment)


def section(row):
    lines = [f"### {row.name()}\n", wrapped(row.plan["text"]) + "\n"]
    why_not = row.why_not()
    if why_not:
        lines.append(wrapped(f"No figure: {why_not}.") + "\n")
    else:
        lines += [wrapped(f"* {line}", "  ") for line in figures(row)] + [""]
    if row.commands:
        lines += [command_lines(command, seconds) for seconds, command in row.commands]
        lines.append("")
    left_out = row.text("left_out")
    if left_out:
        lines += [wrapped("Left out: " + "; ".join(left_out.splitlines()) + ".") + "\n"]
    pictures = sorted(os.path.basename(path) for path in glob.glob(os.path.join(row.folder, "*.png")))
    if pictures:
        where = f"`build/paper/{row.plan['name']}/`"
        lines.append(wrapped(f"Pictures, in {where}: {', '.join(pictures)}.") + "\n")
    if row.machine:
        load = row.machine.get("load")
        lines.append(wrapped("Machine: {cpu}, {cores} cores, {memory}, {system}; {compiler}; "
                             "{date}".format(**row.machine)
                             + (f"; load {load} at the start" if load is not None else "") + ".")
                     + "\n")
    return "\n".join(lines)


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder")
    parser.add_argument("-o", "--output", default="docs/paper.md")
    parser.add_argument("--note", default="", help="what is to be said of this run")
    options = parser.parse_args()
    rows = [Row(options.folder, plan) for plan in ROWS]
    note = [wrapped(options.note) + "\n"] if options.note else []
    page = "\n".join([HEAD] + note + [table_1(rows), table_2(rows), figures_table(rows),
                                      "## Row by row\n"] +
                     [section(row) for row in rows])
    with open(options.output, "w", encoding="utf-8") as file:
        file.write(page.rstrip("\n") + "\n")


if __name__ == "__main__":
    main()
