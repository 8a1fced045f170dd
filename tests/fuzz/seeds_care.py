#!/usr/bin/env python3
# SPDX-License-Identifier: EUPL-1.2
"""Writes corpus/organisation, files of --import-organisation, and corpus/survey, bodies of a survey,
and corpus/fhir, the vectors: good ones and each kind of bad."""

import json
import pathlib

CORPUS = pathlib.Path(__file__).resolve().parent / "corpus"
UNIT = {"id": "u", "name": "U", "minimum_assurance": "B", "places": [{"id": "p", "name": "P", "active": False}]}
ORGANISATION = {
    "good": {"providers": [{"id": "a", "name": "A", "units": [UNIT]}],
             "staff": [{"subject": "s", "name": "S", "commissions": [{"unit": "u", "duty": "clinician"}]}]},
    "twice": {"providers": [{"id": "a", "name": "A"}, {"id": "a", "name": "A"}]},
    "stranger": {"providers": [{"id": "a", "name": "A", "colour": "red"}]},
    "duty": {"staff": [{"subject": "s", "name": "S", "commissions": [{"unit": "u", "duty": "king"}]}]},
}
SURVEY = {
    "good": {"answers": {"heard": "yes", "again": True, "grade": 10}},
    "text": {"answers": {"heard": "It hurts here"}},
    "more": {"answers": {}, "name": "Elsa"},
}


def main():
    for target, seeds in (("organisation", ORGANISATION), ("survey", SURVEY)):
        folder = CORPUS / target
        folder.mkdir(parents=True, exist_ok=True)
        for name, value in seeds.items():
            (folder / name).write_text(json.dumps(value), encoding="utf-8")
    folder = CORPUS / "fhir"
    folder.mkdir(parents=True, exist_ok=True)
    for vector in sorted((CORPUS.parents[1] / "vectors" / "fhir").glob("*.json")):
        text = json.dumps(json.loads(vector.read_text(encoding="utf-8")), ensure_ascii=False)
        (folder / vector.stem).write_text(text, encoding="utf-8")
        (folder / (vector.stem + "-video-lost")).write_text(text.replace("irtualService", "?"), encoding="utf-8")


if __name__ == "__main__":
    main()
