// SPDX-License-Identifier: EUPL-1.2
// The health rooms: which of them are ready today, as their own self-test found.

import type { VNode } from "preact";
import { Icon } from "../../views/icon";
import type { Device, Place } from "../rest";
import { useNow, useStaff } from "./context";

const TELL_MS = 30_000;

function DeviceLine({ device }: { readonly device: Device }): VNode {
  const { words } = useStaff();
  const now = useNow(TELL_MS);
  const { test } = device;
  const bad = test?.parts.filter((part) => !part.ok) ?? [];
  const state = test === null ? "untested" : bad.length === 0 ? "ready" : "faults";
  return (
    <li class="device" data-testid="device" data-state={state}>
      {device.help !== null && (
        <p class="notice" data-testid="device-help">
          <Icon name="hand" />
          <span>{words.rooms.help(words.since(now - device.help))}</span>
        </p>
      )}
      <p class="device-state">
        <Icon name={state === "ready" ? "yes" : "warning"} />
        <span>
          {device.name}: {words.rooms.states[state]}
        </span>
      </p>
      {bad.length > 0 && (
        <ul>
          {bad.map((part) => (
            <li key={`${part.name} ${part.note}`}>
              {words.rooms.part[part.name]}
              {part.note !== "" && `: ${part.note}`}
            </li>
          ))}
        </ul>
      )}
      <p class="small">
        {test !== null && `${words.rooms.tested(words.since(now - test.at))} `}
        {device.seen === null
          ? words.rooms.neverSeen
          : words.rooms.seen(words.since(now - device.seen))}
      </p>
    </li>
  );
}

function PlaceCard({ place }: { readonly place: Place }): VNode {
  const { words } = useStaff();
  return (
    <li class="row place">
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
      </div>
    </li>
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
    </>
  );
}
