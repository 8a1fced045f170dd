// SPDX-License-Identifier: EUPL-1.2
// Logging in, and choosing the duty one has today.

import type { VNode } from "preact";
import { useRef } from "preact/hooks";
import { Heading } from "../../views/calm";
import { useStaff } from "./context";
import { Frame, TroubleNote } from "./frame";

function PasswordForm(): VNode {
  const { desk, words, tell } = useStaff();
  const name = useRef<HTMLInputElement>(null);
  const password = useRef<HTMLInputElement>(null);
  const isBusy = desk.doing.includes("log-in");
  return (
    <form
      class="form"
      onSubmit={(event) => {
        event.preventDefault();
        tell({
          type: "log-in-pressed",
          username: name.current?.value.trim() ?? "",
          password: password.current?.value ?? "",
        });
      }}
    >
      <label for="username">{words.login.username}</label>
      <input
        ref={name}
        id="username"
        name="username"
        type="text"
        autocomplete="username"
        autocapitalize="none"
        spellcheck={false}
        required
      />
      <label for="password">{words.login.password}</label>
      <input
        ref={password}
        id="password"
        name="password"
        type="password"
        autocomplete="current-password"
        required
      />
      <button type="submit" class="primary" data-testid="log-in" aria-disabled={isBusy}>
        {isBusy ? words.login.busy : words.login.logIn}
      </button>
    </form>
  );
}

export function Login(): VNode {
  const { desk, words } = useStaff();
  const { methods } = desk;
  const oidc = methods?.filter((m) => m.kind === "oidc") ?? [];
  const hasPassword = methods?.some((m) => m.kind === "password") ?? false;
  return (
    <Frame name="login" narrow>
      <Heading>{words.login.title}</Heading>
      <p class="lead">{words.login.lead}</p>
      <TroubleNote of={["log-in", "choose", "list", "create", "enter", "end", "rooms"]} />
      {methods === null && desk.trouble === null && <p>{words.login.looking}</p>}
      {oidc.map((method) => (
        <a key={method.url} class="primary as-button" href={method.url} data-testid="oidc">
          {words.login.with(method.name)}
        </a>
      ))}
      {oidc.length > 0 && hasPassword && <h2>{words.login.orLocal}</h2>}
      {hasPassword && <PasswordForm />}
      {methods !== null && methods.length === 0 && <p class="notice">{words.login.none}</p>}
    </Frame>
  );
}

export function Commissions(): VNode {
  const { desk, words, tell } = useStaff();
  const commissions = desk.session?.commissions ?? [];
  return (
    <Frame name="commission" narrow>
      <Heading>{words.commission.title}</Heading>
      <p class="lead">{words.commission.lead}</p>
      <TroubleNote of={["choose"]} />
      {commissions.length === 0 ? (
        <p class="notice">{words.commission.none}</p>
      ) : (
        <ul class="choose">
          {commissions.map((commission) => (
            <li key={commission.id}>
              <button
                type="button"
                class="secondary"
                data-testid="commission"
                onClick={() => tell({ type: "commission-pressed", id: commission.id })}
              >
                <span class="choose-name">{commission.unit.name}</span>
                <span class="choose-what">
                  {words.duties[commission.duty]} · {commission.provider.name}
                </span>
              </button>
            </li>
          ))}
        </ul>
      )}
    </Frame>
  );
}
