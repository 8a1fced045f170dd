// SPDX-License-Identifier: EUPL-1.2
// What the clinician shows besides the own face: the screen or a document, a second camera; and the
// own devices.

import type { VNode } from "preact";
import type { State } from "../../state/types";
import { useSurroundings } from "../../views/context";
import { DeviceLists } from "../../views/devices";
import { Panel } from "../../views/panel";
import type { Tools } from "../tools";
import { useStaff } from "./context";

interface ShowProps {
  readonly state: State;
  readonly tools: Tools;
  readonly onClose: () => void;
}

function SecondCamera({ state, tools }: Omit<ShowProps, "onClose">): VNode {
  const { text } = useSurroundings();
  const { words, call } = useStaff();
  const cameras = state.local.choices.camera.filter(({ id }) => id !== state.local.camera.id);
  if (tools.exam === "on") {
    return (
      <button type="button" class="secondary" onClick={() => call.stopShowing("exam-camera")}>
        {words.show.stopExam}
      </button>
    );
  }
  if (cameras.length === 0) {
    return <p class="small">{words.show.noSecond}</p>;
  }
  return (
    <ul class="choose">
      {cameras.map((camera, i) => (
        <li key={camera.id}>
          <button
            type="button"
            class="secondary"
            data-testid="exam"
            onClick={() => call.openExam(camera.id)}
          >
            {camera.label === "" ? text.unnamedCamera(i + 2) : camera.label}
          </button>
        </li>
      ))}
    </ul>
  );
}

export function ShowPanel({ state, tools, onClose }: ShowProps): VNode {
  const { words, call } = useStaff();
  const canShare = typeof navigator.mediaDevices?.getDisplayMedia === "function";
  return (
    <Panel id="show" title={words.show.title} onClose={onClose}>
      <h3>{words.show.screen}</h3>
      <p class="small">{words.show.screenLead}</p>
      {!canShare && <p class="notice">{words.show.cannot}</p>}
      {canShare &&
        (tools.sharing === "on" ? (
          <button
            type="button"
            class="secondary"
            data-testid="share-stop"
            onClick={() => call.stopShowing("screen")}
          >
            {words.show.stopScreen}
          </button>
        ) : (
          <button
            type="button"
            class="primary"
            data-testid="share"
            aria-disabled={tools.sharing === "asking"}
            onClick={() => call.shareScreen()}
          >
            {words.show.start}
          </button>
        ))}
      {tools.sharing === "refused" && <p class="notice">{words.show.failed}</p>}
      <h3>{words.show.exam}</h3>
      <p class="small">{words.show.examLead}</p>
      <SecondCamera state={state} tools={tools} />
      {tools.exam === "refused" && <p class="notice">{words.show.failed}</p>}
      <DeviceLists local={state.local} />
    </Panel>
  );
}
