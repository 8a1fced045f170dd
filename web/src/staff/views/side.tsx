// SPDX-License-Identifier: EUPL-1.2
// Beside the call: the visit's people, and the queue of the others who wait meanwhile.

import type { VNode } from "preact";
import { Icon } from "../../views/icon";
import { Panel } from "../../views/panel";
import { may } from "../door";
import { waitingRows } from "../list";
import { useStaff } from "./context";
import { Door } from "./door";
import { HandOver } from "./hand-over";
import { Queue } from "./queue";
import { Here, type VisitProps } from "./visit";

function QueueBar(): VNode {
  const { desk, words } = useStaff();
  const others = waitingRows(desk).filter(({ id }) => id !== desk.current?.id);
  return (
    <section aria-labelledby="queue-heading" data-testid="queue-bar">
      <h3 id="queue-heading">{words.queue.title}</h3>
      {desk.queueStatus !== "live" && (
        <p class="small">
          <Icon name="again" /> {words.queue.status[desk.queueStatus]}
        </p>
      )}
      {others.length === 0 && <p class="small">{words.queue.count(0)}</p>}
      <Queue canEnter={false} />
    </section>
  );
}

export function VisitPanel({ onClose, ...props }: VisitProps & { onClose: () => void }): VNode {
  const { words } = useStaff();
  return (
    <Panel id="people" title={words.visitTitle} onClose={onClose}>
      <Door {...props} />
      <Here {...props} />
      {may(props.room.self, "hand-over") && <HandOver />}
      <QueueBar />
    </Panel>
  );
}
