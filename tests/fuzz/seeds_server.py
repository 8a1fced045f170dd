#!/usr/bin/env python3
# SPDX-License-Identifier: EUPL-1.2
"""Writes corpus/rest: bodies of POST /api/v1/consultations, good ones and each kind of bad."""

import json
import pathlib

CORPUS = pathlib.Path(__file__).resolve().parent / "corpus" / "rest"
PERSON = {"role": "patient", "name": "Elsa"}
SEEDS = {
    "good": {"title": "Uppföljning", "participants": [PERSON, {"role": "clinician", "name": "Anna Berg"}]},
    "full": {"title": "å" * 64, "participants": [{"role": "room", "name": "ö" * 64}] * 16},
    "too-many": {"title": "", "participants": [PERSON] * 17},
    "no-title": {"participants": [PERSON]},
    "title-kind": {"title": 5, "participants": [PERSON]},
    "role": {"title": "a", "participants": [{"role": "doctor", "name": "A"}]},
    "long-name": {"title": "a", "participants": [{"role": "staff", "name": "x" * 129}]},
    "control": {"title": "a\u0000b", "participants": [PERSON]},
    "array": [PERSON],
    "deep": None,
}


def main():
    CORPUS.mkdir(parents=True, exist_ok=True)
    for name, value in SEEDS.items():
        text = "[" * 500 if value is None else json.dumps(value, ensure_ascii=name != "good")
        (CORPUS / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
