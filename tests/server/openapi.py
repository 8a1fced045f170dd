# SPDX-License-Identifier: EUPL-1.2
"""docs/openapi.yaml as a judge of answers: what a server says is held against it, and what was said
of it is counted."""

import json
import re

import jsonschema
import yaml

from harness import ROOT

PLACEHOLDER = re.compile(r"\{[^}]*\}")
METHODS = ("get", "put", "post", "patch", "delete", "options")


class Document:
    def __init__(self):
        text = (ROOT / "docs" / "openapi.yaml").read_text(encoding="utf-8")
        self.root = yaml.safe_load(text)
        self.seen = set()  # (method, path, status as documented)

    def operations(self):
        """(method, path, operation) of all, with the path's own parameters joined in."""
        for path, item in self.root["paths"].items():
            for method in METHODS:
                if method in item:
                    own = item[method].get("parameters", [])
                    yield method, path, {**item[method], "parameters": item.get("parameters", []) + own}

    def operation(self, method, path):
        return next(o for m, p, o in self.operations() if (m, p) == (method, path))

    def follow(self, value):
        """What a $ref leads to."""
        while isinstance(value, dict) and "$ref" in value:
            at = self.root
            for step in value["$ref"].removeprefix("#/").split("/"):
                at = at[step]
            value = at
        return value

    def validator(self, schema):
        # The components go along, so that "#/components/..." leads somewhere.
        return jsonschema.Draft202012Validator({**schema, "components": self.root["components"]})

    def faults(self, schema, value):
        return [f"{'/'.join(map(str, e.absolute_path))}: {e.message}"
                for e in self.validator(schema).iter_errors(value)]

    def refs(self, value=None):
        value = self.root if value is None else value
        if isinstance(value, dict):
            if isinstance(value.get("$ref"), str):
                yield value["$ref"]
            for v in value.values():
                yield from self.refs(v)
        elif isinstance(value, list):
            for v in value:
                yield from self.refs(v)

    def schemas(self):
        yield from self.root["components"]["schemas"].items()
        for method, path, operation in self.operations():
            bodies = [operation.get("requestBody", {})]
            bodies += [self.follow(r) for r in operation["responses"].values()]
            for body in bodies:
                for media in body.get("content", {}).values():
                    yield f"{method} {path}", media.get("schema", {})

    # --- judging ----------------------------------------------------------------------------------

    def judge_request(self, method, path, content_type, body):
        """What a request that was taken has that the document does not know."""
        wanted = self.operation(method, path).get("requestBody", {"content": {}})["content"]
        if body is None or content_type not in wanted:
            return [] if body is None else [f"a body of {content_type} is not documented"]
        if not content_type.endswith("json"):
            return []
        return self.faults(wanted[content_type]["schema"], json.loads(body))

    def judge(self, method, path, status, headers, body):
        """What is wrong with an answer: a list of words."""
        responses = self.operation(method, path)["responses"]
        key = str(status) if str(status) in responses else "default"
        if key not in responses:
            return [f"the status {status} is not documented"]
        if key == "default" and status < 400:
            return [f"the status {status} is no error"]
        self.seen.add((method, path, key))
        response = self.follow(responses[key])
        faults = [f"no {name}" for name, h in response.get("headers", {}).items()
                  if h.get("required") and name.lower() not in headers]
        content = response.get("content")
        if not content:
            return faults + ([f"a body: {body[:80]!r}"] if body and method != "options" and status != 200 else [])
        kind = headers.get("content-type", "").split(";")[0]
        if kind not in content:
            return faults + [f"the media type {kind!r} is not documented"]
        if kind.endswith("json"):
            faults += self.faults(content[kind]["schema"], json.loads(body))
        return faults

    def unseen(self):
        documented = {(m, p, status) for m, p, o in self.operations() for status in o["responses"]
                      if status != "default"}
        return documented - self.seen


def route(path):
    """A path with every placeholder named alike, as routes have them."""
    return PLACEHOLDER.sub("{id}", path)
