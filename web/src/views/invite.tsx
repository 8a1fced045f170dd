// SPDX-License-Identifier: EUPL-1.2
// Somebody of one's own in the visit: asked for by name, let in by the clinician, and shown a square
// to point a phone at. All of it is fetched when it is opened, the code that draws the square when
// there is one.

import type { VNode } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { State } from "../state/types";
import { useSurroundings } from "./context";
import { Icon } from "./icon";

type Square = readonly (readonly boolean[])[];

function Qr({ link, label }: { readonly link: string; readonly label: string }): VNode | null {
  const [square, setSquare] = useState<Square | null>(null);
  useEffect(() => {
    let isGone = false;
    import("../qr").then(
      ({ squareOf }) => {
        if (!isGone) {
          setSquare(squareOf(link));
        }
      },
      () => {
        // The link can still be copied and read.
      },
    );
    return () => {
      isGone = true;
    };
  }, [link]);
  if (square === null) {
    return null;
  }
  const path = square
    .flatMap((row, y) => row.map((dark, x) => (dark ? `M${x} ${y}h1v1h-1z` : "")))
    .join("");
  return (
    <svg
      class="qr"
      role="img"
      aria-label={label}
      viewBox={`0 0 ${square.length} ${square.length}`}
      data-testid="qr"
    >
      <path d={path} />
    </svg>
  );
}

function Ready({ name, link }: { readonly name: string; readonly link: string }): VNode {
  const { text } = useSurroundings();
  const [isCopied, setCopied] = useState(false);
  const canShare = typeof navigator.share === "function";
  return (
    <>
      <h3>{text.invite.ready(name)}</h3>
      <p>{text.invite.scan}</p>
      <Qr link={link} label={text.invite.qr(name)} />
      {canShare && (
        <button
          type="button"
          class="primary"
          onClick={() => {
            navigator.share({ url: link }).catch(() => {
              // Closed again without sending.
            });
          }}
        >
          {text.invite.share}
        </button>
      )}
      <button
        type="button"
        class="secondary"
        onClick={() => {
          navigator.clipboard?.writeText(link).then(
            () => setCopied(true),
            () => setCopied(false),
          );
        }}
      >
        {text.invite.copy}
      </button>
      <p role="status">{isCopied ? text.invite.copied : ""}</p>
    </>
  );
}

export function Invite({ state }: { readonly state: State }): VNode {
  const { text, dispatch } = useSurroundings();
  const [name, setName] = useState("");
  const { invite } = state;
  if (invite !== null) {
    return invite.link === null ? (
      <p class="found" role="status" data-testid="invite-waiting">
        <Icon name="people" />
        <span>{text.invite.waiting(invite.name)}</span>
      </p>
    ) : (
      <Ready name={invite.name} link={invite.link} />
    );
  }
  return (
    <form
      class="asking-form"
      onSubmit={(event) => {
        event.preventDefault();
        dispatch({ type: "invite-pressed", name });
      }}
    >
      <p>{text.invite.lead}</p>
      <label for="invite-name">{text.invite.label}</label>
      <input
        id="invite-name"
        type="text"
        autocomplete="off"
        required
        maxLength={80}
        value={name}
        data-testid="invite-name"
        onInput={(event) => setName(event.currentTarget.value)}
      />
      <button type="submit" class="primary" data-testid="invite-send">
        {text.invite.send}
      </button>
    </form>
  );
}
