// SPDX-License-Identifier: EUPL-1.2
// docs/openapi.yaml is OpenAPI 3.1 by its own schema; that it is also true, tests/server/test_openapi
// asks a running server.
import assert from "node:assert/strict";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

import SwaggerParser from "@apidevtools/swagger-parser";

const DOCUMENT = fileURLToPath(new URL("../../docs/openapi.yaml", import.meta.url));

test("the document is OpenAPI 3.1", async () => {
  const api = await SwaggerParser.validate(DOCUMENT);
  assert.equal(api.openapi, "3.1.0");
  assert.ok(Object.keys(api.paths).length > 30);
});

test("a document that is not is told", async () => {
  const api = await SwaggerParser.bundle(DOCUMENT);
  delete api.paths["/healthz"].get.responses["200"].description;
  await assert.rejects(SwaggerParser.validate(api), /description/);
});
