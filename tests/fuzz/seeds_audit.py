#!/usr/bin/env python3
# SPDX-License-Identifier: EUPL-1.2
"""Writes corpus/audit_record and corpus/audit_head: records of the audit trail, good ones and each kind
of bad, and heads of it."""

import json
import pathlib

CORPUS = pathlib.Path(__file__).resolve().parent / "corpus" / "audit_record"
LEAST = {"action": "retention.run", "actor": "system", "at": 5, "id": "e1", "result": "ok", "v": 1}
FULL = {
    "acr": "http://id.sambi.se/loa/loa3", "action": "consultation.open", "actor": "staff",
    "actor_hsa": "SE2321000222-001A", "actor_id": "s1", "address": "private", "assurance": "A",
    "at": 1795600000123, "commission": "m1", "commission_hsa": "SE2321000222-001B",
    "consultation": "c1", "duty": "clinician", "id": "e2", "patient": "ref-7", "provider": "v1",
    "provider_hsa": "SE2321000222-001D", "reason": "Jourläkaren \"bad\"\n\t\u000b", "result": "denied",
    "role": "clinician", "subject": "p1", "unit": "u1", "unit_hsa": "SE2321000222-001C", "v": 1,
}
SEEDS = {
    "least": LEAST, "full": FULL, "later": {**LEAST, "v": 2}, "unknown": {**LEAST, "w": 1},
    "kind": {**FULL, "unit": 5}, "actor": {**LEAST, "actor": "nobody"}, "negative": {**LEAST, "at": -1},
}


def main():
    CORPUS.mkdir(parents=True, exist_ok=True)
    for name, value in SEEDS.items():
        text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        (CORPUS / name).write_text(text, encoding="utf-8")
    heads = CORPUS.parent / "audit_head"
    heads.mkdir(exist_ok=True)
    line = f"vidd-audit-head-1 2026-11-26 7 {'ab' * 32} {'cd' * 64}"
    (heads / "good").write_text(line, encoding="utf-8")
    (heads / "zero").write_text(line.replace(" 7 ", " 0 "), encoding="utf-8")
    (heads / "short").write_text(line[:-1], encoding="utf-8")
    (CORPUS / "spaces").write_text(json.dumps(FULL), encoding="utf-8")


if __name__ == "__main__":
    main()
