// SPDX-License-Identifier: EUPL-1.2
// The day: who waits, what is planned, and what can be begun.

import type { VNode } from "preact";
import { useEffect, useState } from "preact/hooks";
import { Heading } from "../../views/calm";
import { Icon } from "../../views/icon";
import { allowNotices, canNotice, isSoundOn, setSound } from "../chime";
import { dutyOf, seesVisits, tabsOf } from "../duty";
import { dayFrom, shownRows, waitingRows } from "../list";
import { PRACTICE } from "../state-visit";
import { SHOWN } from "../types";
import { useStaff } from "./context";
import { Figures } from "./figures";
import { NewVisitForm, newKey } from "./form";
import { Frame, TroubleNote } from "./frame";
import { Questions } from "./questions";
import { Queue } from "./queue";
import { RoomCalls } from "./room-calls";
import { Rooms } from "./rooms";
import { VisitRow } from "./row";
import { Sheet } from "./sheet";

function DaySwitch(): VNode {
  const { desk, words, tell } = useStaff();
  const go = (day: string): void => tell({ type: "day-chosen", day });
  return (
    <div class="day-switch">
      <label>
        <span class="aloud">{words.day.label}</span>
        <input
          type="date"
          data-testid="day"
          value={desk.day}
          onChange={(event) => go(event.currentTarget.value)}
        />
      </label>
      <button type="button" class="quiet" onClick={() => go(dayFrom(desk.day, -1))}>
        {words.day.before}
      </button>
      <button type="button" class="quiet" onClick={() => go(dayFrom(desk.day, 1))}>
        {words.day.after}
      </button>
      {desk.day !== desk.today && (
        <button type="button" class="secondary" onClick={() => go(desk.today)}>
          {words.day.today}
        </button>
      )}
    </div>
  );
}

function FilterBar(): VNode {
  const { desk, words, tell } = useStaff();
  const { filters } = desk;
  return (
    <fieldset class="filters">
      <legend class="aloud">{words.filters.label}</legend>
      <label class="field">
        <span>{words.filters.shown}</span>
        <select
          data-testid="filter-shown"
          value={filters.shown}
          onChange={(event) => {
            const shown = SHOWN.find((s) => s === event.currentTarget.value);
            if (shown !== undefined) {
              tell({ type: "filtered", filters: { shown } });
            }
          }}
        >
          {SHOWN.map((shown) => (
            <option key={shown} value={shown}>
              {words.filters.shownWords[shown]}
            </option>
          ))}
        </select>
      </label>
      <label class="tick">
        <input
          type="checkbox"
          data-testid="filter-mine"
          checked={filters.mine}
          onChange={(event) =>
            tell({ type: "filtered", filters: { mine: event.currentTarget.checked } })
          }
        />
        <span>{words.filters.mine}</span>
      </label>
    </fieldset>
  );
}

function Told(): VNode | null {
  const { desk, words, tell } = useStaff();
  const { ended } = desk;
  if (ended === null) {
    return null;
  }
  return (
    <div class="told" data-testid="told-ended">
      <Icon name="yes" />
      <p>{words.ended(ended)}</p>
      <button type="button" class="quiet" onClick={() => tell({ type: "told-closed" })}>
        {words.ok}
      </button>
    </div>
  );
}

/** How many wait, before everything else, however the list is filtered. */
function QueueTold(): VNode {
  const { desk, words } = useStaff();
  const waiting = waitingRows(desk);
  const isLive = desk.queueStatus === "live";
  return (
    <p class="queue-told" data-testid="queue-told" data-status={desk.queueStatus}>
      <Icon name={isLive ? "people" : "again"} />
      {isLive ? words.queue.count(waiting.length) : words.queue.status[desk.queueStatus]}
    </p>
  );
}

function WaitingRoom(): VNode | null {
  const { desk, words } = useStaff();
  return waitingRows(desk).length === 0 ? null : (
    <section class="waiting-room" aria-labelledby="waiting-heading" data-testid="waiting-room">
      <h2 id="waiting-heading">{words.queue.room}</h2>
      <Queue canEnter />
    </section>
  );
}

function Sounds(): VNode {
  const { words } = useStaff();
  const [isOn, setOn] = useState(isSoundOn);
  const [canAsk, setCanAsk] = useState(canNotice);
  return (
    <>
      <label class="tick">
        <input
          type="checkbox"
          checked={isOn}
          onChange={(event) => {
            setSound(event.currentTarget.checked);
            setOn(event.currentTarget.checked);
          }}
        />
        <span>{words.queue.sound}</span>
      </label>
      {canAsk && (
        <button
          type="button"
          class="quiet"
          onClick={() => void allowNotices().then(() => setCanAsk(false))}
        >
          {words.queue.notices}
        </button>
      )}
    </>
  );
}

function ReasonSheet({ id }: { readonly id: string }): VNode {
  const { desk, words, tell } = useStaff();
  const [reason, setReason] = useState("");
  const isBusy = desk.doing.includes("enter");
  return (
    <Sheet id="reason" title={words.reason.title} onClose={() => tell({ type: "reason-closed" })}>
      <form
        class="form"
        onSubmit={(event) => {
          event.preventDefault();
          if (reason.trim() !== "") {
            tell({ type: "enter-pressed", id, reason: reason.trim() });
          }
        }}
      >
        <p>{words.reason.lead}</p>
        <TroubleNote of={["enter"]} />
        <label for="reason-text">{words.reason.label}</label>
        <input
          id="reason-text"
          data-testid="reason-text"
          type="text"
          autocomplete="off"
          maxLength={200}
          required
          value={reason}
          onInput={(event) => setReason(event.currentTarget.value)}
        />
        <button type="submit" class="primary" data-testid="reason-go" aria-disabled={isBusy}>
          {words.enter}
        </button>
      </form>
    </Sheet>
  );
}

function Begin(): VNode {
  const { desk, words, tell } = useStaff();
  return (
    <div class="row-acts">
      <button
        type="button"
        class="primary"
        data-testid="new"
        aria-expanded={desk.isForming}
        onClick={() => tell({ type: "form-pressed", open: !desk.isForming })}
      >
        {words.newVisit}
      </button>
      <button
        type="button"
        class="secondary"
        data-testid="practice"
        aria-disabled={desk.doing.includes("create")}
        onClick={() =>
          tell({
            type: "practice-pressed",
            key: newKey(),
            visit: {
              title: words.practice.title,
              planned: null,
              minutes: 15,
              kind: PRACTICE,
              needsInterpreter: false,
              needs: "",
              persons: [
                {
                  role: "patient",
                  name: words.practice.patient,
                  phone: "",
                  email: "",
                  language: "",
                },
              ],
            },
          })
        }
      >
        {words.practice.begin}
      </button>
    </div>
  );
}

function List(): VNode {
  const { desk, words } = useStaff();
  const rows = shownRows(desk);
  const all = desk.visits.length;
  if (!desk.isListed && desk.trouble?.doing !== "list") {
    return <p class="small">{words.listing}</p>;
  }
  return rows.length === 0 ? (
    <p class="empty" data-testid="empty">
      {all === 0 ? words.emptyDay : words.emptyFilter}
    </p>
  ) : (
    <>
      <h2 class="aloud" id="rows-heading">
        {words.listOf(desk.day)}
      </h2>
      <ul class="rows" aria-labelledby="rows-heading">
        {rows.map((row) => (
          <VisitRow key={row.id} row={row} />
        ))}
      </ul>
    </>
  );
}

function Tabs(): VNode | null {
  const { desk, words, tell } = useStaff();
  return tabsOf(desk).length < 2 ? null : (
    <nav class="tabs" aria-label={words.tabs.label}>
      {tabsOf(desk).map((tab) => (
        <button
          type="button"
          key={tab}
          data-testid={`tab-${tab}`}
          aria-current={desk.tab === tab ? "page" : undefined}
          onClick={() => tell({ type: "tab-chosen", tab })}
        >
          {words.tabs[tab]}
        </button>
      ))}
    </nav>
  );
}

export function Day(): VNode {
  const { desk, words } = useStaff();
  useEffect(() => {
    if (desk.isForming) {
      document.querySelector<HTMLElement>(".new-visit h2")?.focus();
    }
  }, [desk.isForming]);
  return (
    <Frame name="day">
      <div class="day-top">
        <Heading>
          {desk.tab !== "list"
            ? words[desk.tab].title
            : seesVisits(desk)
              ? words.dayTitle(desk.day, desk.today)
              : words.duties[dutyOf(desk) ?? "reviewer"]}
        </Heading>
        {seesVisits(desk) && <QueueTold />}
      </div>
      <Told />
      <RoomCalls />
      <TroubleNote
        of={[
          "list",
          "enter",
          "end",
          "create",
          "rooms",
          "help",
          "place",
          "code",
          "revoke",
          "figures",
          "quality",
        ]}
      />
      <WaitingRoom />
      <Questions key={desk.asking?.id ?? ""} />
      <Tabs />
      {desk.tab === "rooms" && <Rooms />}
      {desk.tab === "figures" && <Figures />}
      {desk.tab === "list" && !seesVisits(desk) && <p class="empty">{words.nothingHere}</p>}
      {desk.tab === "list" && seesVisits(desk) && (
        <>
          <div class="day-tools">
            <DaySwitch />
            <FilterBar />
          </div>
          <Begin />
          {desk.isForming && <NewVisitForm />}
          <List />
          <div class="day-tools">
            <Sounds />
          </div>
        </>
      )}
      {desk.asksReason !== null && <ReasonSheet id={desk.asksReason} />}
    </Frame>
  );
}
