"""generate.py - writes src/noneq/_declared.py and _options.py from the public headers.

    python3 python/tools/generate.py [--check]

Needs pycparser and a C compiler. --check: writes nothing, and fails where a file is not what the
headers say.
"""
# SPDX-License-Identifier: MIT
# Copyright (c) the noneq authors
import os
import re
import subprocess
import sys
import textwrap
from pathlib import Path

from pycparser import c_ast, c_parser

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "python" / "src" / "noneq"
HEAD = '''"""{what}

Made by python/tools/generate.py from the public headers; do not edit.
"""
# SPDX-License-Identifier: MIT
# Copyright (c) the noneq authors
'''
SCALARS = {
    "char": "c_char", "signed char": "c_int8", "unsigned char": "c_uint8", "short": "c_int16",
    "int": "c_int", "unsigned int": "c_uint", "unsigned": "c_uint", "long": "c_long",
    "unsigned long": "c_ulong", "float": "c_float", "double": "c_double", "size_t": "c_size_t",
    "ptrdiff_t": "c_ssize_t", "int64_t": "c_int64", "uint64_t": "c_uint64", "int32_t": "c_int32",
    "uint32_t": "c_uint32", "uint8_t": "c_uint8",
}


def headers():
    """The public headers as one text without directives; system types are given by name."""
    source = "\n".join(f"typedef int {name};" for name in sorted(SCALARS) if name.endswith("_t"))
    bare = ROOT / "build" / "headers"  # the system's own say too much
    bare.mkdir(parents=True, exist_ok=True)
    for name in ("stddef.h", "stdint.h"):
        (bare / name).write_text("", encoding="ascii")
    text = subprocess.run(
        [os.environ.get("CC", "cc"), "-E", "-P", "-nostdinc", f"-I{bare}", "-I", ROOT / "include",
         "-x", "c", ROOT / "include" / "noneq.h"],
        check=True, capture_output=True, text=True).stdout
    return source + "\n" + text


class Declarations(c_ast.NodeVisitor):
    """What the headers declare, as lines of Python."""

    def __init__(self):
        self.constants, self.structs, self.functions, self.callbacks = {}, {}, [], []
        self.types = {}
        self.enums = set()

    # What a declaration's type is in ctypes.
    def scalar(self, names):
        name = " ".join(names)
        if name in SCALARS:
            return SCALARS[name]
        if name in self.structs or name in self.callbacks:
            return name
        if name in self.enums:
            return "c_int"
        if name in self.types:
            return self.type(self.types[name])
        return None

    def type(self, node):
        if isinstance(node, (c_ast.TypeDecl, c_ast.Typename)):
            return self.type(node.type)
        if isinstance(node, c_ast.IdentifierType):
            if node.names == ["void"]:
                return "None"
            return self.scalar(node.names)
        if isinstance(node, c_ast.Enum):
            return "c_int"
        if isinstance(node, c_ast.Struct):
            if node.decls and node.name not in self.structs:
                self.structs[node.name] = self.fields(node)
            return node.name if node.name in self.structs else None
        if isinstance(node, c_ast.ArrayDecl):
            return f"{self.type(node.type)} * {self.value(node.dim)}"
        if isinstance(node, c_ast.PtrDecl):
            return self.pointer(node.type)
        raise TypeError(node)

    def pointer(self, node):
        """Texts are c_char_p; arrays of numbers and what is opaque are addresses."""
        if isinstance(node, c_ast.FuncDecl):
            arguments = [self.type(a.type) for a in node.args.params]
            arguments = [] if arguments == ["None"] else arguments
            return f"CFUNCTYPE({', '.join([self.type(node.type), *arguments])})"
        inner = node
        while isinstance(inner, c_ast.TypeDecl):
            inner = inner.type
        if isinstance(inner, c_ast.IdentifierType) and inner.names == ["char"]:
            return "c_char_p" if "const" in (node.quals or []) else "c_void_p"
        if isinstance(inner, c_ast.Struct):
            return f"POINTER({inner.name})" if inner.name in self.structs else "c_void_p"
        if isinstance(inner, c_ast.IdentifierType):
            name = " ".join(inner.names)
            if name in self.structs:
                return f"POINTER({name})"
        return "c_void_p"

    def value(self, node):
        """Of a constant expression."""
        if isinstance(node, c_ast.Constant):
            return int(node.value.rstrip("uUlL"), 0)
        if isinstance(node, c_ast.ID):
            return self.constants[node.name]
        if isinstance(node, c_ast.UnaryOp):
            return -self.value(node.expr)
        raise TypeError(node)

    def fields(self, node):
        return [(d.name, self.type(d.type)) for d in node.decls]

    def visit_Enum(self, node):
        if node.name:
            self.enums.add(node.name)
        last = -1
        for item in node.values.enumerators if node.values else []:
            last = last + 1 if item.value is None else self.value(item.value)
            self.constants[item.name] = last

    def visit_Typedef(self, node):
        inner = node.type
        if isinstance(inner, c_ast.TypeDecl) and isinstance(inner.type, c_ast.Enum):
            self.enums.add(node.name)
            self.visit_Enum(inner.type)
        elif isinstance(inner, c_ast.TypeDecl) and isinstance(inner.type, c_ast.Struct):
            if inner.type.decls:
                self.structs[node.name] = []  # it may point to itself
                self.structs[node.name] = self.fields(inner.type)
        elif isinstance(inner, c_ast.PtrDecl) and isinstance(inner.type, c_ast.FuncDecl):
            self.types[node.name] = inner
        elif node.name not in SCALARS:
            self.types[node.name] = inner

    def visit_Decl(self, node):
        if isinstance(node.type, c_ast.FuncDecl):
            result = self.type(node.type.type)
            if node.name == "nq_file_target":
                result = "c_void_p"
            arguments = [self.type(a.type) for a in node.type.args.params]
            self.functions.append((node.name, result, [a for a in arguments if a != "None"]))
        elif isinstance(node.type, c_ast.Struct) and node.type.decls:
            self.structs[node.type.name] = []
            self.structs[node.type.name] = self.fields(node.type)
        elif isinstance(node.type, c_ast.Enum):
            self.visit_Enum(node.type)


def wrapped(line, indent):
    return textwrap.fill(line, 100, subsequent_indent=" " * indent, break_long_words=False,
                         break_on_hyphens=False)


def declared(tree):
    """The text of _declared.py."""
    seen = Declarations()
    seen.visit(tree)
    lines = [HEAD.format(what="_declared.py - the C interface: constants, structs, functions.")]
    lines += ["# pylint: disable=too-few-public-methods,invalid-name,missing-class-docstring,"
              "missing-function-docstring,too-many-lines"]
    lines.append("IMPORTS")
    lines += [f"{name} = {value}" for name, value in seen.constants.items()]
    for name, fields in seen.structs.items():
        itself = any(f"POINTER({name})" in kind or "POINTER" in kind and name in kind
                     for _, kind in fields)
        lines += ["", "", f"class {name}(Structure):"]
        items = [f'    ("{field}", {kind}),' for field, kind in fields]
        if itself:
            lines += ["    pass", "", "", f"{name}._fields_ = ["] + items + ["]"]
        else:
            lines += ["    _fields_ = ["] + ["    " + item for item in items] + ["    ]"]
    lines += ["", "", "# name: (result, arguments)", "FUNCTIONS = {"]
    for name, result, arguments in sorted(seen.functions):
        lines.append(wrapped(f'    "{name}": ({result}, [{", ".join(arguments)}]),', 8))
    lines += ["}", ""]
    text = "\n".join(lines)
    used = sorted(set(re.findall(r"\b(c_\w+|CFUNCTYPE|POINTER|Structure)\b", text)))
    return text.replace("IMPORTS\n", wrapped(f"from ctypes import ({', '.join(used)})", 20) + "\n\n",
                        1)


NUMBERS = {"count": "int", "number": "float", "size": "int", "seed": "int", "int": "int",
           "flag": "bool", "text": "str", "string": "str", "area": "str"}
# Not keywords of an estimator: files are save's, the seed is random_state's.
NOT_FIT = {"output", "resume", "restart", "checkpoint_every", "models", "seed", "model_seed"}


def tables():
    """(struct, [(type, field, flag, fallback, help)]) of the X tables of the headers."""
    found = {}
    for header in sorted((ROOT / "include" / "noneq").glob("*.h")):
        text = header.read_text(encoding="utf-8").replace("\\\n", " ")
        for name, body in re.findall(r"#define NQ_(\w+)_OPTIONS\(X\)(.*)", text):
            rows = re.findall(
                r'X\((\w+), (\w+), +("[^"]*"|NULL), +("[^"]*"|NULL), +[^"]*?((?: *"(?:[^"\\]|\\.)*")+)'
                r'\)', body)
            found[name.lower()] = [
                (kind, field, flag.strip('"'), fallback.strip('"'),
                 "".join(re.findall(r'"((?:[^"\\]|\\.)*)"', text_)).replace('\\"', '"'))
                for kind, field, flag, fallback, text_ in rows]
    return found


def explained(rows, indent):
    """Numpy-style paragraphs for a docstring."""
    lines = []
    for kind, field, _, _, help_text in rows:
        help_text = re.sub(r"--([a-z][a-z-]*)", lambda m: m[1].replace("-", "_"), help_text)
        help_text = help_text.replace("{presets}", "see noneq.presets()").replace("\\", "")
        lines.append(" " * indent + f"{field} : {NUMBERS[kind]}, optional")
        lines.append(textwrap.fill(help_text + ".", 100,
                                   initial_indent=" " * (indent + 4),
                                   subsequent_indent=" " * (indent + 4), break_on_hyphens=False))
    return lines


COMMON = [
    ("random_state", "int, optional",
     "Seed of every random number; None is 1, as for the program: the same data, options and seed "
     "give the same model, bit for bit."),
    ("threads", "int, optional", "Worker threads; None: all cores. No result depends on it."),
    ("progress", "bool, optional",
     "Whether to show a bar (tqdm); None: where it is installed and somebody looks."),
]


def options():
    """The text of _options.py."""
    found = tables()
    fit = [row for name in ("model", "train", "fit", "read") for row in found[name]
           if row[1] not in NOT_FIT and row[2] != "NULL" and row[0] != "area"]
    names = [row[1] for row in fit]
    assert len(names) == len(set(names)), "a keyword has two meanings"
    lines = [HEAD.format(what="_options.py - the options of fitting as keywords, from the C "
                              "library's tables.")]
    lines += ["# pylint: disable=too-many-arguments,too-many-locals,too-many-instance-attributes",
              "# pylint: disable=too-many-statements,too-few-public-methods,too-many-lines", ""]
    for name in ("model", "train", "fit", "read"):
        own = [row[1] for row in found[name] if row[1] in names]
        lines += wrapped(f"{name.upper()} = ({', '.join(repr(n) for n in own)},)".replace("'", '"'),
                         4).split("\n")
    lines += ["", "", "class FitOptions:", '    """What can be chosen when a model is fitted.', "",
              "    Each is None where it is chosen from the data, as the program does.", "",
              "    Parameters", "    ----------"]
    lines += explained(fit, 4)
    for field, kind, text in COMMON:
        lines += [f"    {field} : {kind}",
                  textwrap.fill(text, 100, initial_indent=" " * 8, subsequent_indent=" " * 8)]
    names += [field for field, _, _ in COMMON]
    arguments = textwrap.fill(", ".join(f"{field}=None" for field in names) + "):", 100,
                              initial_indent=" " * 17, subsequent_indent=" " * 17)
    lines += ['    """', "", "    def __init__(self, *, " + arguments.lstrip()]
    lines += [f"        self.{field} = {field}" for field in names] + [""]
    return "\n".join(lines)


def main(arguments):
    made = {"_declared.py": declared(c_parser.CParser().parse(headers())),
            "_options.py": options()}
    stale = 0
    for name, text in made.items():
        path = PACKAGE / name
        if path.exists() and path.read_text(encoding="utf-8") == text:
            continue
        stale += 1
        if "--check" in arguments:
            print(f"{path}: is not what the headers say; run python/tools/generate.py")
        else:
            path.write_text(text, encoding="utf-8")
    return 1 if stale and "--check" in arguments else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
