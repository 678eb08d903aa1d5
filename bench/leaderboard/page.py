"""page.py LEADERBOARD.json PAGE_TEXT.md OUT.md - docs/leaderboard.md from a run's JSON and the text
about it."""
# SPDX-License-Identifier: MIT
# Copyright (c) the noneq authors
import os
import shlex
import sys

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
from report import page_write, wrapped

# Highest printed mean log likelihood of test rows that could be checked, in nats; in page_text.md
# is where they are from.
PUBLISHED = {
    "nltcs": -5.99, "msnbc": -6.04, "kdd": -2.11, "plants": -12.67, "baudio": -39.62,
    "jester": -51.29, "bnetflix": -55.71, "accidents": -26.55, "tretail": -10.72,
    "pumsb_star": -22.75, "dna": -79.05, "kosarek": -10.52, "msweb": -9.71, "book": -33.51,
    "tmovie": -50.54, "cwebkb": -150.84, "cr52": -84.59, "c20ng": -151.99, "bbc": -248.34,
    "ad": -15.50, "mushrooms": -9.68,
}
HEADINGS = ("set", "rows × columns", "Chow–Liu", "tree alone", "K", "log likelihood", "k̂",
            "best printed", "of rows", "s (processor)")


def row(cells):
    return "| " + " | ".join(cells) + " |"


def number(value, error=None, decimals=None):
    if value is None:
        return ""
    decimals = decimals if decimals is not None else 2 if abs(value) > 20 else 3
    text = f"{value:.{decimals}f}".replace("-", "−")
    return text if error is None else f"{text} ± {error:.{decimals}f}"


def best(value, figure):
    return f"**{figure}**" if value else figure


def lines_of(results):
    machine = results["machine"]
    lines = [row(HEADINGS), "|---" * len(HEADINGS) + "|"]
    below = []
    for name, r in sorted(results["sets"].items()):
        printed = PUBLISHED.get(name)
        figure = number(r["ais"], r["ais_se"])
        if r["trust"] != "full":
            figure = f"at least {number(r['lower'])}"
        if r["ais_rows"] < r["rows"]:
            figure += f" ({r['ais_rows']} rows)"
        leads = printed is not None and max(r["ais"], r["K"]) >= printed
        lines.append(row([name, f"{r['rows']} × {r['columns']}", number(r["chow_liu"]),
                          number(r["tree"]), number(r["K"], r["se"]), best(leads, figure),
                          number(r["khat"], decimals=2), number(printed, decimals=2),
                          number(r["se_rows"]), f"{r['seconds']:.0f} ({r['processor']:.0f})"]))
        if max(r["K"], r["ais"]) < r["chow_liu"]:
            below.append(name)
    lines += ["", wrapped("Below its Chow–Liu tree: " + (", ".join(below) or "none") + "."), ""]
    options = shlex.join(results["train"])
    lines.append(wrapped(
        f"{results['version']}, {results['date']}; {machine['cpu']}, {machine['cores']} cores, "
        f"{machine['system']}, load {machine['load']:.1f} at the start. Trained "
        + (f"with `{options}`." if options else "with no options.")))
    return lines


if __name__ == "__main__":
    page_write(lines_of)
