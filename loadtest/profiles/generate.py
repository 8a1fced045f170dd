#!/usr/bin/env python3
# SPDX-License-Identifier: EUPL-1.2
"""Writes the link profiles of this folder: the standards' capacity patterns and the rural links.

Usage: generate.py [--check]    --check writes nothing and fails when a file differs

The tables are in links.py, the synthetic traces in traces.py; README.md explains the format.
"""

import json
import pathlib
import sys

import links

HERE = pathlib.Path(__file__).resolve().parent


def text_of(value, indent=0):
    """JSON with lists of numbers packed into lines, so that a trace can be read and compared."""
    pad = "  " * (indent + 1)
    if isinstance(value, dict):
        rows = [f"{pad}{json.dumps(k)}: {text_of(v, indent + 1)}" for k, v in value.items()]
        return "{\n" + ",\n".join(rows) + "\n" + pad[2:] + "}"
    if isinstance(value, list) and value and isinstance(value[0], list):
        rows, row = [], ""
        for item in (json.dumps(v) for v in value):
            if row and len(pad) + len(row) + len(item) > 96:
                rows.append(row)
                row = ""
            row += (", " if row else "") + item
        rows.append(row)
        if len(rows) == 1:
            return "[" + row + "]"
        return "[\n" + ",\n".join(pad + r for r in rows) + "\n" + pad[2:] + "]"
    if isinstance(value, list):
        return "[\n" + ",\n".join(pad + json.dumps(v) for v in value) + "\n" + pad[2:] + "]"
    return json.dumps(value, ensure_ascii=False)


def main():
    stale = []
    wanted = {}
    for profile in links.profiles():
        wanted[profile["name"] + ".json"] = text_of(profile) + "\n"
    for name, text in wanted.items():
        path = HERE / name
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            stale.append(name)
    stale += [p.name for p in HERE.glob("*.json") if p.name not in wanted]
    if "--check" in sys.argv[1:]:
        print("\n".join(stale))
        return 1 if stale else 0
    for name in stale:
        if name in wanted:
            (HERE / name).write_text(wanted[name], encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
