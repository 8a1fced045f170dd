// SPDX-License-Identifier: EUPL-1.2
// The health rooms: which of them are ready today, as their own self-test found; and for those who
// look after them, which screens belong to them.

import type { VNode } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { Icon } from "../../views/icon";
import { looksAfterRooms } from "../duty";
import type { Device, Part, Place, SelfTest } from "../places";
import { useNow, useStaff } from "./context";

const TELL_MS = 30_000;

function PartLine({ part, test }: { readonly part: Part; readonly test: SelfTest }): VNode {
  const { words } = useStaff();
  const { kind, works, fps } = part;
  const more =
    kind === "link"
      ? words.rooms.rates(Math.round(test.upKbps), Math.round(test.downKbps))
      : fps === null
        ? ""
        : words.rooms.fps(fps);
  const how = works ? words.rooms.partWorks : words.rooms.partFails[kind];
  return (
    <li data-part={kind} data-works={works}>
      {words.rooms.part(part)} {how}
      {works && more !== "" && <span class="small"> ({more})</span>}
    </li>
  );
}

function Revoke({ device }: { readonly device: Device }): VNode {
  const { desk, words, tell } = useStaff();
  const [isAsking, setAsking] = useState(false);
  const name = words.rooms.device(device.name);
  const stay = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (isAsking) {
      stay.current?.focus();
    }
  }, [isAsking]);
  if (!isAsking) {
    return (
      <button
        type="button"
        class="quiet"
        data-testid="revoke"
        aria-label={words.rooms.revokeNamed(name)}
        onClick={() => setAsking(true)}
      >
        {words.rooms.revoke}
      </button>
    );
  }
  return (
    <div class="row-acts" role="alertdialog" aria-label={words.rooms.revokeAsk(name)}>
      <p>{words.rooms.revokeAsk(name)}</p>
      <button type="button" class="secondary" ref={stay} onClick={() => setAsking(false)}>
        {words.rooms.revokeNo}
      </button>
      <button
        type="button"
        class="primary"
        data-testid="revoke-yes"
        aria-disabled={desk.doing.includes("revoke")}
        onClick={() => tell({ type: "revoke-pressed", device: device.id })}
      >
        {words.rooms.revokeYes}
      </button>
    </div>
  );
}

function DeviceLine({ device }: { readonly device: Device }): VNode {
  const { desk, words } = useStaff();
  const now = useNow(TELL_MS);
  const { test } = device;
  const bad = test?.parts.filter((part) => !part.works) ?? [];
  const state = test === null ? "untested" : bad.length === 0 ? "ready" : "faults";
  return (
    <li class="device" data-testid="device" data-state={state}>
      <p class="device-state">
        <Icon name={state === "ready" ? "yes" : "warning"} />
        <span>
          {words.rooms.device(device.name)}: {words.rooms.states[state]}
        </span>
      </p>
      {test !== null && bad.length > 0 && (
        <ul>
          {bad.map((part) => (
            <PartLine key={`${part.kind} ${part.name}`} part={part} test={test} />
          ))}
        </ul>
      )}
      {test !== null && (
        <details>
          <summary>{words.rooms.parts}</summary>
          <ul data-testid="parts">
            {test.parts.map((part) => (
              <PartLine key={`${part.kind} ${part.name}`} part={part} test={test} />
            ))}
          </ul>
        </details>
      )}
      <p class="small">
        {test !== null && `${words.rooms.tested(words.since(Math.max(0, now - test.at)))} `}
        {device.seen === null
          ? words.rooms.neverSeen
          : words.rooms.seen(words.since(Math.max(0, now - device.seen)))}
      </p>
      {looksAfterRooms(desk) && <Revoke device={device} />}
    </li>
  );
}

function Enrolment({ place }: { readonly place: Place }): VNode {
  const { desk, words, tell } = useStaff();
  const { enrolment } = desk;
  return (
    <>
      <button
        type="button"
        class="secondary"
        data-testid="connect-screen"
        aria-label={words.rooms.connectNamed(place.name)}
        aria-disabled={desk.doing.includes("code")}
        onClick={() => tell({ type: "code-pressed", place: place.id })}
      >
        {words.rooms.connect}
      </button>
      <div role="status">
        {enrolment?.place === place.id && (
          <>
            <p data-testid="screen-code">
              <strong>{words.rooms.code(enrolment.code.replace(/(\d{4})/, "$1 "))}</strong>
            </p>
            {enrolment.until !== null && (
              <p class="small">{words.rooms.codeUntil(words.clock(enrolment.until))}</p>
            )}
          </>
        )}
      </div>
    </>
  );
}

function PlaceCard({ place }: { readonly place: Place }): VNode {
  const { desk, words } = useStaff();
  return (
    <li class="row place" data-place={place.name}>
      <div class="row-what">
        <h2>{place.name}</h2>
        <p class="row-facts">{place.municipality}</p>
        {place.devices.length === 0 ? (
          <p class="small">{words.rooms.noDevice}</p>
        ) : (
          <ul class="devices">
            {place.devices.map((device) => (
              <DeviceLine key={device.id} device={device} />
            ))}
          </ul>
        )}
        {looksAfterRooms(desk) && <Enrolment place={place} />}
      </div>
    </li>
  );
}

function AddPlace(): VNode {
  const { desk, words, tell } = useStaff();
  const [name, setName] = useState("");
  const [municipality, setMunicipality] = useState("");
  return (
    <details>
      <summary class="as-button secondary" data-testid="add-place">
        {words.rooms.add}
      </summary>
      <form
        class="form"
        onSubmit={(event) => {
          event.preventDefault();
          if (name.trim() !== "") {
            tell({
              type: "place-pressed",
              name: name.trim(),
              municipality: municipality.trim(),
            });
            setName("");
          }
        }}
      >
        <label class="field">
          <span>{words.rooms.placeName}</span>
          <input
            type="text"
            data-testid="place-name"
            maxLength={60}
            required
            autocomplete="off"
            value={name}
            onInput={(event) => setName(event.currentTarget.value)}
          />
        </label>
        <label class="field">
          <span>{words.rooms.municipality}</span>
          <input
            type="text"
            data-testid="place-municipality"
            maxLength={60}
            autocomplete="off"
            value={municipality}
            onInput={(event) => setMunicipality(event.currentTarget.value)}
          />
        </label>
        <button
          type="submit"
          class="primary"
          data-testid="place-add"
          aria-disabled={desk.doing.includes("place")}
        >
          {words.rooms.addGo}
        </button>
      </form>
    </details>
  );
}

export function Rooms(): VNode {
  const { desk, words, tell } = useStaff();
  const { places } = desk;
  return (
    <>
      <p class="lead">{words.rooms.lead}</p>
      <div class="row-acts">
        <button
          type="button"
          class="secondary"
          onClick={() => tell({ type: "tab-chosen", tab: "rooms" })}
        >
          <Icon name="again" />
          {words.rooms.again}
        </button>
      </div>
      {places === null ? (
        <p class="small">{words.listing}</p>
      ) : places.length === 0 ? (
        <p class="empty">{words.rooms.none}</p>
      ) : (
        <ul class="rows">
          {places.map((place) => (
            <PlaceCard key={place.id} place={place} />
          ))}
        </ul>
      )}
      {looksAfterRooms(desk) && <AddPlace />}
    </>
  );
}
