// SPDX-License-Identifier: EUPL-1.2
// Who is invited to a visit, how they get their links, and inviting somebody more.

import type { VNode } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { squareOf } from "../../qr";
import { useSurroundings } from "../../views/context";
import { Icon } from "../../views/icon";
import type { Row } from "../list";
import type { NewPerson } from "../rest";
import type { Opened as OpenedState } from "../types";
import { useStaff } from "./context";
import { emptyPerson, PersonFields } from "./fields";
import { TroubleNote } from "./frame";

function Square({ link, name }: { readonly link: string; readonly name: string }): VNode {
  const { words } = useStaff();
  const square = squareOf(link);
  const size = square.length;
  const path = square
    .flatMap((line, y) => line.flatMap((dark, x) => (dark ? [`M${x} ${y}h1v1h-1z`] : [])))
    .join("");
  return (
    <svg class="square" viewBox={`0 0 ${size} ${size}`} role="img" aria-label={words.square(name)}>
      <rect width={size} height={size} fill="#ffffff" />
      <path d={path} fill="#000000" />
    </svg>
  );
}

/** A link: shown, copied, or held up as a square for a camera. */
export function LinkTools({ link, name }: { readonly link: string; readonly name: string }): VNode {
  const { words } = useStaff();
  const [isCopied, setCopied] = useState(false);
  const [isSquare, setSquare] = useState(false);
  const field = useRef<HTMLInputElement>(null);
  const copy = (): void => {
    navigator.clipboard?.writeText(link).then(
      () => setCopied(true),
      // Not allowed: the address stands there and is marked.
      () => field.current?.select(),
    );
  };
  return (
    <div class="link-tools">
      <label class="link-field">
        <span class="small">{words.linkOf(name)}</span>
        <input
          ref={field}
          type="text"
          readOnly
          value={link}
          data-testid="link"
          onFocus={(event) => event.currentTarget.select()}
        />
      </label>
      <button type="button" class="secondary" data-testid="copy" onClick={copy}>
        {isCopied ? words.copied : words.copy}
      </button>
      <button
        type="button"
        class="quiet"
        data-testid="qr"
        aria-expanded={isSquare}
        onClick={() => setSquare(!isSquare)}
      >
        {words.showSquare}
      </button>
      <span class="aloud" role="status">
        {isCopied ? words.copied : ""}
      </span>
      {isSquare && <Square link={link} name={name} />}
    </div>
  );
}

interface OpenedProps {
  readonly row: Pick<Row, "id" | "persons">;
  readonly opened: OpenedState;
}

function Messages({
  row,
  opened,
  person,
}: OpenedProps & { person: Row["persons"][number] }): VNode {
  const { words, tell } = useStaff();
  const sent = opened.sent[person.id];
  const send = (kind: "invitation" | "its-time"): void =>
    tell({ type: "message-pressed", id: row.id, person: person.id, kind });
  return (
    <div class="link-tools">
      <button
        type="button"
        class="secondary"
        data-testid="send-invitation"
        aria-label={words.sendInvitationTo(person.name)}
        onClick={() => send("invitation")}
      >
        {words.sendInvitation}
      </button>
      <button
        type="button"
        class="quiet"
        data-testid="send-its-time"
        aria-label={words.sendItsTimeTo(person.name)}
        onClick={() => send("its-time")}
      >
        {words.sendItsTime}
      </button>
      {sent !== undefined && <span class="small">{words.sent[sent]}</span>}
    </div>
  );
}

export function AddPerson({ id }: { readonly id: string }): VNode {
  const { desk, words, tell } = useStaff();
  const [person, setPerson] = useState<NewPerson>(emptyPerson("relative"));
  const isBusy = desk.doing.includes("invite");
  return (
    <form
      class="form add-person"
      onSubmit={(event) => {
        event.preventDefault();
        tell({ type: "invite-pressed", id, person, asker: null });
        setPerson(emptyPerson(person.role));
      }}
    >
      <h4>{words.addPerson}</h4>
      <PersonFields id="add" person={person} onChange={setPerson} />
      <button type="submit" class="secondary" data-testid="add-person" aria-disabled={isBusy}>
        {words.add}
      </button>
    </form>
  );
}

export function Opened({ row, opened, level }: OpenedProps & { level?: 3 | 4 }): VNode {
  const Title = level === 3 ? "h3" : "h4";
  const { text } = useSurroundings();
  const { words, tell } = useStaff();
  const heading = useRef<HTMLHeadingElement>(null);
  // In a panel the panel's own heading has the focus.
  useEffect(() => {
    if (level !== 3) {
      heading.current?.focus();
    }
  }, [level]);
  const guests = row.persons.filter((p) => p.role !== "clinician");
  return (
    <section class="opened" data-testid="opened" aria-labelledby={`opened-${row.id}`}>
      <div class="sheet-top">
        <Title id={`opened-${row.id}`} ref={heading} tabIndex={-1}>
          {words.linksTitle}
        </Title>
        {level !== 3 && (
          <button
            type="button"
            class="quiet"
            onClick={() => tell({ type: "open-pressed", id: null })}
          >
            <Icon name="close" />
            {text.close}
          </button>
        )}
      </div>
      <TroubleNote of={["invite", "message"]} />
      <ul class="opened-list">
        {guests.map((person) => (
          <li key={person.id}>
            <p>
              <span class="person-name">{person.name === "" ? words.nameless : person.name}</span>{" "}
              <span class="person-role">{text.roles[person.role]}</span>
            </p>
            {opened.links[person.id] !== undefined ? (
              <LinkTools
                link={opened.links[person.id] ?? ""}
                name={person.name === "" ? text.roles[person.role] : person.name}
              />
            ) : (
              <p class="small">{words.linkGone}</p>
            )}
            <Messages row={row} opened={opened} person={person} />
          </li>
        ))}
      </ul>
      <AddPerson id={row.id} />
    </section>
  );
}
