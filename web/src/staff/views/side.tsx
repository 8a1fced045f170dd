// SPDX-License-Identifier: EUPL-1.2
// Beside the call: the visit's people, and the queue of the others who wait meanwhile.

import type { VNode } from "preact";
import { Icon } from "../../views/icon";
import { Panel } from "../../views/panel";
import { waitingRows } from "../list";
import { useNow, useStaff } from "./context";
import { LinkWords } from "./row";
import { Door, Here, type VisitProps } from "./visit";

const TELL_MS = 10_000;

export function QueueBar(): VNode {
  const { desk, words } = useStaff();
  const now = useNow(TELL_MS);
  const rows = waitingRows(desk).filter(({ id }) => id !== desk.current?.id);
  return (
    <section aria-labelledby="queue-heading" data-testid="queue-bar">
      <h3 id="queue-heading">{words.queue.title}</h3>
      {desk.queueStatus !== "live" && (
        <p class="small">
          <Icon name="again" /> {words.queue.status[desk.queueStatus]}
        </p>
      )}
      {rows.length === 0 ? (
        <p class="small">{words.queue.count(0)}</p>
      ) : (
        <ol class="queue-bar">
          {rows.map((row) => (
            <li key={row.id} data-testid="queued">
              <p class="person-name">{row.title === "" ? words.untitled : row.title}</p>
              {row.persons
                .filter((p) => p.isHere && p.admission === "waiting")
                .map((person) => (
                  <p key={person.id} class="queue-person">
                    {person.name}
                    {person.since !== null && ` · ${words.since(now - person.since)}`}
                    <LinkWords person={person} />
                  </p>
                ))}
            </li>
          ))}
        </ol>
      )}
    </section>
  );
}

export function VisitPanel({ onClose, ...props }: VisitProps & { onClose: () => void }): VNode {
  const { words } = useStaff();
  return (
    <Panel id="people" title={words.visitTitle} onClose={onClose}>
      <Door room={props.room} tools={props.tools} />
      <QueueBar />
      <Here {...props} />
    </Panel>
  );
}
