#!/usr/bin/env python3
# svg_text.py - says which texts of a figure (cairo's SVG) touch each other or leave the page.
# SPDX-License-Identifier: MIT
# Copyright (c) the noneq authors
"""svg_text.py FILE...: a line for each fault, and "FILE: N texts" at last. cairo writes a text as
a group of uses of glyphs, whose outlines are defined at the top."""
import re
import sys


def outline_box(path):
    numbers = [float(n) for n in re.findall(r'-?\d+(?:\.\d+)?', path)]
    xs, ys = numbers[0::2], numbers[1::2]
    return min(xs), min(ys), max(xs), max(ys)


def glyphs_of(text):
    """Boxes of all glyphs that have an outline."""
    found = re.finditer(r'<(?:symbol|g)[^>]*\bid="(glyph[-\d]+)">\s*<path[^>]* d="([^"]*)"', text)
    return {m.group(1): outline_box(m.group(2)) for m in found if re.search(r'\d', m.group(2))}


def texts_of(text, glyphs):
    """The box of each group of glyphs that stand side by side."""
    for group in re.findall(r'<g[^>]*>\s*((?:<use xlink:href="#glyph[^>]*/>\s*)+)</g>', text):
        box = None
        for name, x, y in re.findall(r'#(glyph[-\d]+)" x="([-.\d]+)" y="([-.\d]+)"', group):
            if name in glyphs:
                x, y, (left, top, right, bottom) = float(x), float(y), glyphs[name]
                one = x + left, y + top, x + right, y + bottom
                box = one if box is None else (min(box[0], one[0]), min(box[1], one[1]),
                                               max(box[2], one[2]), max(box[3], one[3]))
        if box is not None:
            yield box


def check(path):
    with open(path, encoding='utf-8') as file:
        text = file.read()
    width, height = (float(n) for n in re.search(r'viewBox="0 0 ([.\d]+) ([.\d]+)"', text).groups())
    boxes = list(texts_of(text, glyphs_of(text)))
    for i, a in enumerate(boxes):
        if a[0] < 0 or a[1] < 0 or a[2] > width or a[3] > height:
            print(f'{path}: text at ({a[0]:.0f}, {a[3]:.0f}) leaves the page')
        for b in boxes[:i]:
            if a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]:
                print(f'{path}: texts at ({a[0]:.0f}, {a[3]:.0f}) and ({b[0]:.0f}, {b[3]:.0f}) touch')
    print(f'{path}: {len(boxes)} texts')


for name in sys.argv[1:]:
    check(name)
