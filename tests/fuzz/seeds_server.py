#!/usr/bin/env python3
# SPDX-License-Identifier: EUPL-1.2
"""Writes corpus/rest, bodies of POST /api/v1/consultations, and corpus/http, query arguments and
Cookie headers, corpus/jwt, ID tokens and key sets, corpus/device, reports of self-tests, and
corpus/oidc, what else an identity provider says, and small bodies: good ones and each kind of bad."""

import json
import pathlib

CORPUS = pathlib.Path(__file__).resolve().parent / "corpus"
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

HTTP = {
    "query": b"0b=1&a=2%26&c",
    "query-twice": b"0a=1&a=2",
    "query-badly-encoded": b"0a=%4&b=%zz",
    "cookie": b"1b=c; a=d; e",
    "cookie-twice": b"1a=b;a=c",
    "cookie-long": b"1a=" + b"x" * 40,
}

JWT = {
    # RFC 7515 A.3, and the same with another algorithm named.
    "token": b"0eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFt"
             b"cGxlLmNvbS9pc19yb290Ijp0cnVlfQ.DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djx"
             b"La8ISlSApmWQxfKTUJqPP3-Kg6NU1Q",
    "token-none": b"0eyJhbGciOiJub25lIn0.e30.",
    "keys": b'1{"keys":[{"kty":"EC","crv":"P-256","kid":"a","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",'
            b'"y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"},{"kty":"RSA","use":"enc","n":"AQAB","e":"AQAB"}]}',
    "keys-none": b'1{"keys":[]}',
}

OIDC = {
    "document": b'0{"issuer":"https://a","authorization_endpoint":"https://a/auth","token_endpoint":"https://a/token",'
                b'"jwks_uri":"https://a/keys","code_challenge_methods_supported":["S256"],'
                b'"end_session_endpoint":"https://a/end"}',
    "tokens": b'1{"token_type":"Bearer","id_token":"a.b.c","access_token":"d"}',
    "body": b'2{"a":"x","b":"y"}',
    "body-unknown": b'2{"a":"x","c":"y"}',
    "duties": "3Vård och behandling=clinician; *=staff".encode(),
}

DEVICE = {
    "good": b'{"cameras":[{"name":"Rum","works":true,"fps":15}],"microphone":{"works":true,"level_db":-23.5},'
            b'"link":{"works":true,"up_kbps":900,"down_kbps":1200,"loss_percent":0.4,"rtt_ms":48}}',
    "no-camera": b'{"cameras":[],"microphone":{"works":false,"level_db":-90},'
                 b'"link":{"works":false,"up_kbps":0,"down_kbps":0,"loss_percent":100,"rtt_ms":0}}',
    "kinds": b'{"cameras":[{"name":1,"works":1,"fps":"x"}],"microphone":null,"link":{"up_kbps":1e300}}',
    "array": b"[]",
}

PROXY = {
    "none": b"\n203.0.113.9",
    "one": b"10.1.0.0/16\n203.0.113.9, 198.51.100.7",
    "two": b"10.1.0.7 2001:db8::/32\n192.0.2.1:4711,[2001:db8::8]:443 , 10.1.0.7",
    "bad-bits": b"10.1.0.7/8\n::ffff:203.0.113.9",
    "too-many": b"10.1.0.7 " * 17,
}


def main():
    for folder in ("rest", "http", "jwt", "oidc", "device", "proxy"):
        (CORPUS / folder).mkdir(parents=True, exist_ok=True)
    for folder, seeds in (("http", HTTP), ("jwt", JWT), ("oidc", OIDC), ("device", DEVICE), ("proxy", PROXY)):
        for name, data in seeds.items():
            (CORPUS / folder / name).write_bytes(data)
    for name, value in SEEDS.items():
        text = "[" * 500 if value is None else json.dumps(value, ensure_ascii=name != "good")
        (CORPUS / "rest" / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
