#!/usr/bin/env python3
# shape.py - measures the shape of the source: folders, lines, functions, structs, cycles, names.
# SPDX-License-Identifier: MIT
# Copyright (c) the noneq authors
"""Usage: shape.py [--check] [--root FOLDER]

Prints the shape. With --check it prints instead what is over a limit, a line each that begins with
the limit's name, and then its exit status is 1.
"""
import argparse
import collections
import glob
import os
import re
import sys

LIMITS = {
    "files in a folder of src": 20,
    "files in src/backend/cpu": 30,
    "fields of a struct": 20,  # in src
    "lines of a function": 80,  # in all C files
    "lines of a file": 500,  # all but documents
    "files in an include cycle": 0,  # in src
    "questions by name in a file": 0,  # in src and cli: ASKED, below
}
# Still over, by name, and how far: nobody may grow, and who has come down is deleted here.
STILL = {
}
# What asks for one by name, and the file that may: the registry. A graph is built of operations.
ASKED = (
    (r"strcmp\([^;]*kernel", r"src/model/option_use\.c"),
    (r"strcmp\([^;]*\"(gaussian|binomial|categorical)\"", r"src/family/family\.c"),
    (r"&nqi_family_\w", r"src/family/family\.c"),
    (r"&nqi_regressor_\w+\b(?!\()", r"src/regressor/regressor\.c"),
    (r"(?<!_new\(graph, )&nqi_op_\w", None),
    (r"\boutputs *[=!]= *[12]\b", None),
)
PARTS = (  # what the lines are counted of
    ("product", ("src", "include", "cli"), (".c", ".h")),
    ("tests", ("tests",), (".c", ".h", ".sh", ".py")),
    ("documents", ("",), (".md",)),
    ("the rest", ("bench", "examples", "tools", "cmake"), (".c", ".h", ".sh", ".py", ".cmake")),
)
MOST = 10  # of each kind in the report

Function = collections.namedtuple("Function", "name path line lines")
Struct = collections.namedtuple("Struct", "name path line fields")


def files_below(places, endings):
    """Paths of the files in the places that end so, without what was built."""
    found = []
    for place in places:
        for path, folders, names in os.walk(place or "."):
            hidden = ("build", "demo", "__pycache__", "shared", "corpus")
            folders[:] = sorted(f for f in folders if f not in hidden and f[0] != ".")
            found += [os.path.normpath(os.path.join(path, n)) for n in sorted(names)
                      if n.endswith(endings)]
    return found


def read(path):
    with open(path, encoding="utf-8", errors="replace") as file:
        return file.read()


def blank(match):
    """As many line ends as were there, so that lines keep their numbers."""
    text = match.group(0)
    if text[0] in "\"'":
        return text[0] + "_" + text[0]
    return " " + "\n" * text.count("\n")


def without_comments(text):
    return re.sub(r"/\*.*?\*/|//[^\n]*|(\"(\\.|[^\"\\\n])*\")|'(\\.|[^'\\\n])*'",
                  lambda m: m.group(0) if m.group(1) else blank(m), text, flags=re.S)


def bare(text):
    """C without comments, strings and directives of the preprocessor."""
    text = re.sub(r"/\*.*?\*/|//[^\n]*|\"(\\.|[^\"\\\n])*\"|'(\\.|[^'\\\n])*'", blank, text,
                  flags=re.S)
    text = re.sub(r"^[ \t]*#(\\\n|[^\n])*", blank, text, flags=re.M)
    return re.sub(r'extern "_" *\{', " ", text)  # C++ looks into the public headers


def closing(text, start, pair="{}"):
    """Place of the bracket that closes the one at start."""
    depth = 0
    for i in range(start, len(text)):
        depth += (text[i] == pair[0]) - (text[i] == pair[1])
        if not depth:
            return i
    return len(text) - 1


def line_of(text, place):
    return text.count("\n", 0, place) + 1


def functions_of(path, text):
    """Bodies at the outermost level that follow a list of parameters."""
    found, place = [], 0
    while (place := text.find("{", place)) >= 0:
        end = closing(text, place)
        begin = max(text.rfind(c, 0, place) for c in ";}") + 1
        head = text[begin:place]
        named = re.match(r"[^={]*?\b(\w+)\s*\(", head, flags=re.S)
        if named and head.rstrip().endswith(")"):
            first = line_of(text, begin + len(head) - len(head.lstrip()))
            found.append(Function(named[1], path, first, line_of(text, end) - first + 1))
        place = end
    return found


def tables_of(text):
    """Lists of fields that are macros, NAME(X): how many entries each has."""
    sizes = {}
    for name, of, body in re.findall(r"^#define (\w+)\((\w+)\)((?:\\\n|[^\n])*)", text, re.M):
        entries = len(re.findall(rf"\b{of}\(", body))
        if entries:
            sizes[name] = entries
    return sizes


def fields_of(body, tables):
    """Declarators in a struct's body; those of nested structs count each."""
    count = 0
    while nested := re.search(r"\b(struct|union)\b\s*\w*\s*\{", body):
        end = closing(body, nested.end() - 1)
        count += fields_of(body[nested.end():end], tables)
        rest = body.find(";", end)
        body = body[:nested.start()] + body[rest + 1 if rest >= 0 else len(body):]
    while listed := re.search(r"\benum\b\s*\w*\s*\{[^}]*\}", body):
        body = body[:listed.start()] + "int" + body[listed.end():]
    for name, size in tables.items():
        body, uses = re.subn(rf"\b{name}\(\w*\)", " ", body)
        count += uses * size
    while inner := re.search(r"[(\[][^()\[\]]*[)\]]", body):  # parameters and sizes hold commas too
        body = body[:inner.start()] + " _ " + body[inner.end():]
    return count + sum(1 + d.count(",") for d in body.split(";") if d.strip())


def structs_of(path, text, tables):
    """Structs and unions that have a name, and those that a typedef names."""
    found = []
    for head in re.finditer(r"\b(?:struct|union)\b\s*(\w*)\s*\{", text):
        end = closing(text, head.end() - 1)
        after = re.match(r"\s*(\w+)\s*;", text[end + 1:])
        before = text[:head.start()].rstrip()
        is_typedef = before.endswith("typedef")
        name = after[1] if is_typedef and after else head[1]
        if name:
            found.append(Struct(name, path, line_of(text, head.start()),
                                fields_of(text[head.end():end], tables)))
    return found


def cycles_of(paths):
    """Sets of files of src that include each other, directly or not (Tarjan)."""
    known = set(paths)
    sees = {path: [p for p in ("src/" + name for name in
                               re.findall(r'^ *# *include *"([^"]+)"', read(path), re.M))
                   if p in known] for path in paths}
    order, low, stack, found = {}, {}, [], []

    def visit(path):
        order[path] = low[path] = len(order)
        stack.append(path)
        for other in sees[path]:
            if other not in order:
                visit(other)
            if other in stack:
                low[path] = min(low[path], low[other])
        if low[path] == order[path]:
            group = stack[stack.index(path):]
            del stack[stack.index(path):]
            if len(group) > 1 or path in sees[path]:
                found.append(sorted(group))

    for path in paths:
        if path not in order:
            visit(path)
    return sorted(found)


def asked_in(paths):
    """(path, line, text) of each question that is asked outside its registry."""
    found = []
    for path in paths:
        for number, line in enumerate(without_comments(read(path)).split("\n"), 1):
            if any(re.search(pattern, line) and not (home and re.fullmatch(home, path))
                   for pattern, home in ASKED):
                found.append((path, number, line.strip()))
    return found


class Shape:
    def __init__(self):
        sources = files_below(("src", "include", "cli"), (".c", ".h"))
        self.folders = collections.Counter(os.path.dirname(p) for p in sources)
        self.lines = {part: {p: read(p).count("\n") for p in files_below(places, endings)}
                      for part, places, endings in PARTS}
        self.lines["documents"].update(
            {p: read(p).count("\n") for p in glob.glob("*.md")})
        tables = {}
        for path in sources:
            tables.update(tables_of(read(path)))
        self.functions, self.structs = [], []
        for path in sources + files_below(("tests", "bench", "examples"), (".c", ".h")):
            text = bare(read(path))
            self.functions += functions_of(path, text)
            if path in sources:
                self.structs += structs_of(path, text, tables)
        self.functions.sort(key=lambda f: (-f.lines, f.name))
        self.structs.sort(key=lambda s: (-s.fields, s.name))
        self.cycles = cycles_of([p for p in sources if p.startswith("src/")])
        self.asked = asked_in([p for p in sources if not p.startswith("include/")])

    def measured(self):
        """(limit, who, how much, where) of all that has a number for a limit."""
        for folder, count in self.folders.items():
            if folder.startswith("src"):
                limit = "files in a folder of src"
                if folder == "src/backend/cpu":
                    limit = "files in src/backend/cpu"
                yield limit, folder, count, folder
        for s in self.structs:
            if s.path.startswith("src/"):
                yield "fields of a struct", s.name, s.fields, f"{s.path}:{s.line}"
        for f in self.functions:
            yield "lines of a function", f.name, f.lines, f"{f.path}:{f.line}"
        for paths in self.lines.values():
            for path, count in paths.items():
                if not path.endswith(".md"):
                    yield "lines of a file", path, count, path
        for cycle in self.cycles:
            yield "files in an include cycle", cycle[0], len(cycle), " ".join(cycle)
        questions = collections.defaultdict(list)
        for path, line, text in self.asked:
            questions[path].append(f"{line}: {text}")
        for path, lines in questions.items():
            yield "questions by name in a file", path, len(lines), "; ".join(lines)


def judge(shape):
    """Sentences about what is over a limit, and about who still may be."""
    bad, still, over = [], [], set()
    for limit, who, count, where in shape.measured():
        if count <= LIMITS[limit]:
            continue
        over.add((limit, who))
        may = STILL.get((limit, who), LIMITS[limit])
        said = f"{limit}: {who} has {count}, the limit is {LIMITS[limit]}"
        if count <= may:
            still.append(said)
        else:
            bad.append(said + (f", it had {may}" if may > LIMITS[limit] else "") + f" ({where})")
    bad += [f"no longer over: {limit}: {who}: delete its line in tools/shape.py"
            for limit, who in STILL if (limit, who) not in over]
    return bad, still


def report(shape):
    def heading(text):
        print(f"\n{text}")

    print("files in a folder")
    for folder, count in sorted(shape.folders.items()):
        print(f"{count:6}  {folder}")
    heading("lines")
    for part, paths in shape.lines.items():
        print(f"{sum(paths.values()):6}  {part}, in {len(paths)} files")
    heading("longest functions, in lines")
    for f in shape.functions[:MOST]:
        print(f"{f.lines:6}  {f.name}  {f.path}:{f.line}")
    heading("widest structs, in fields")
    for s in shape.structs[:MOST]:
        print(f"{s.fields:6}  {s.name}  {s.path}:{s.line}")
    heading(f"include cycles: {len(shape.cycles)}")
    for cycle in shape.cycles:
        print("        " + " ".join(cycle))
    heading(f"questions by name: {len(shape.asked)}")
    for path, line, text in shape.asked:
        print(f"        {path}:{line}: {text}")
    bad, still = judge(shape)
    heading(f"still over a limit, by name: {len(still)}")
    for said in still:
        print("        " + said)
    heading(f"over a limit: {len(bad)}")
    for said in bad:
        print("        " + said)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n", 1)[1])
    parser.add_argument("--check", action="store_true", help="only what is over a limit")
    parser.add_argument("--root", default=os.path.join(os.path.dirname(__file__), ".."))
    args = parser.parse_args()
    os.chdir(args.root)
    shape = Shape()
    if not args.check:
        report(shape)
        return 0
    bad = judge(shape)[0]
    print("\n".join(bad), end="\n" if bad else "")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
