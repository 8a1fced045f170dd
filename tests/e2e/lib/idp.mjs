// SPDX-License-Identifier: EUPL-1.2
// A real OpenID Connect provider (oidc-provider) over HTTPS with a certificate of its own. Whoever
// comes is logged in as the test says, without a form; everything else is the provider's own.
import { execFileSync } from "node:child_process";
import { generateKeyPairSync, randomUUID } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import https from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";

const { default: Provider } = await import("oidc-provider");

/** A signing key as the provider wants it, with an id nobody has seen. */
function newKey(alg) {
  const { privateKey } = alg === "ES256"
    ? generateKeyPairSync("ec", { namedCurve: "P-256" })
    : generateKeyPairSync("rsa", { modulusLength: 2048 });
  return { ...privateKey.export({ format: "jwk" }), kid: randomUUID(), alg, use: "sig" };
}

function makeCertificate(folder, address) {
  const files = { certKey: join(folder, "idp-key.pem"), cert: join(folder, "idp-cert.pem") };
  execFileSync("openssl", ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
    "-keyout", files.certKey, "-out", files.cert, "-days", "2", "-subj", "/CN=idp",
    "-addext", `subjectAltName=IP:${address}`], { stdio: "ignore" });
  return files;
}

export class Idp {
  /** @param options address, port, redirect (of the client), alg of its ID tokens, secret ("" for none). */
  constructor({ address = "10.77.0.1", port = 9443, redirect, back, alg = "RS256", secret = "provhemlighet" }) {
    Object.assign(this, { address, port, redirect, back, alg, secret });
    this.issuer = `https://${address}:${port}`;
    this.folder = mkdtempSync(join(tmpdir(), "vidd-idp-"));
    Object.assign(this, makeCertificate(this.folder, address));
    this.secretFile = join(this.folder, "secret");
    writeFileSync(this.secretFile, `${secret}\n`, { mode: 0o600 });
    this.people = new Map();
    this.acr = "loa3";
    this.key = newKey(alg);
    this.provider = this.makeProvider();
  }

  makeProvider() {
    const provider = new Provider(this.issuer, {
      jwks: { keys: [this.key] },
      clients: [{
        client_id: "vidd", client_secret: this.secret || undefined, redirect_uris: [this.redirect],
        post_logout_redirect_uris: [this.back], id_token_signed_response_alg: this.alg,
        token_endpoint_auth_method: this.secret ? "client_secret_basic" : "none",
      }],
      pkce: { required: () => true },
      acrValues: ["loa2", "loa3"],
      scopes: ["openid", "commission", "person"],
      claims: {
        openid: ["sub"], acr: null,
        commission: ["name", "employeeHsaId", "commissionHsaId", "commissionName", "commissionPurpose",
          "healthCareProviderHsaId"],
        person: ["name", "https://id.oidc.se/claim/personalIdentityNumber"],
      },
      // As most providers do: what was asked for stands in the ID token, too.
      conformIdTokenClaims: this.inUserinfo ?? false,
      findAccount: (_, id) => ({ accountId: id, claims: () => ({ sub: id, ...this.people.get(id) }) }),
      features: { devInteractions: { enabled: false }, rpInitiatedLogout: { enabled: true } },
      interactions: { url: (_, interaction) => `/interaction/${interaction.uid}` },
      cookies: { keys: ["a test's own"] },
      ttl: { AccessToken: 60, AuthorizationCode: 60, IdToken: 60, Grant: 60, Interaction: 60, Session: 60 },
    });
    provider.on("server_error", (_, error) => console.error(error));
    return provider;
  }

  /** A new key and none of the old: every ID token from now on is signed with it. */
  rotate() {
    this.key = newKey(this.alg);
    this.provider = this.makeProvider();
  }

  /** With claims in userinfo alone, as OpenID Connect Core 5.4 has it. */
  useUserinfo(yes) {
    this.inUserinfo = yes;
    this.provider = this.makeProvider();
  }

  async start() {
    const server = https.createServer({ key: readFileSync(this.certKey), cert: readFileSync(this.cert) });
    server.on("request", (request, response) => this.answer(request, response));
    await new Promise((done) => server.listen(this.port, this.address, done));
    this.server = server;
    return this;
  }

  async answer(request, response) {
    try {
      const match = /^\/interaction\/([\w-]+)$/.exec(request.url);
      if (match) await this.interact(request, response);
      else this.provider.callback()(request, response);
    } catch (error) {
      response.writeHead(500).end(String(error));
    }
  }

  /** Logs in whom the test said and consents for them; or refuses. */
  async interact(request, response) {
    const details = await this.provider.interactionDetails(request, response);
    if (this.refuses) {
      await this.provider.interactionFinished(request, response, { error: "access_denied" });
      return;
    }
    const grant = new this.provider.Grant({ accountId: this.who, clientId: details.params.client_id });
    grant.addOIDCScope("openid commission person");
    const grantId = await grant.save();
    await this.provider.interactionFinished(request, response, {
      login: { accountId: this.who, acr: this.acr, remember: false }, consent: { grantId },
    });
  }

  async stop() {
    this.server?.closeAllConnections();
    await new Promise((done) => (this.server ? this.server.close(done) : done()));
    this.server = undefined;
  }

  async close() {
    await this.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
