// SPDX-License-Identifier: EUPL-1.2
// What is needed now and then: large buttons in one list, each with a word of why.

import type { VNode } from "preact";
import type { State } from "../state/types";
import { useSurroundings } from "./context";
import { Icon, type IconName } from "./icon";
import { Panel } from "./panel";

interface ItemProps {
  readonly icon: IconName;
  readonly words: string;
  readonly why?: string;
  readonly testId: string;
  readonly pressed?: boolean;
  readonly onPress: () => void;
}

function Item({ icon, words, why, testId, pressed, onPress }: ItemProps): VNode {
  return (
    <button
      type="button"
      class="item"
      data-testid={testId}
      aria-pressed={pressed}
      onClick={onPress}
    >
      <Icon name={icon} />
      <span class="item-words">
        <span>{words}</span>
        {why !== undefined && <span class="item-why">{why}</span>}
      </span>
    </button>
  );
}

interface MorePanelProps {
  readonly state: State;
  readonly onHelp: () => void;
  readonly onInvite: () => void;
  readonly onClose: () => void;
}

export function MorePanel({ state, onHelp, onInvite, onClose }: MorePanelProps): VNode {
  const { text, dispatch } = useSurroundings();
  const { local, room, audioOnly } = state;
  const isSigning = room !== null && state.signing.includes(room.self.id);
  const isPatient = room?.self.role === "patient";
  return (
    <Panel id="more" title={text.more.title} onClose={onClose}>
      <div class="choices-list">
        <Item
          icon="sound"
          testId="help"
          words={text.more.help}
          why={text.more.helpWhy}
          onPress={onHelp}
        />
        <Item
          icon={audioOnly ? "camera" : "camera-off"}
          testId="audio-only"
          words={audioOnly ? text.more.videoAgain : text.more.audioOnly}
          {...(audioOnly ? {} : { why: text.more.audioOnlyWhy })}
          onPress={() => dispatch({ type: "audio-only-pressed", on: !audioOnly })}
        />
        {local.choices.camera.length > 1 && (
          <Item
            icon="again"
            testId="switch-camera"
            words={text.more.switchCamera}
            onPress={() => dispatch({ type: "camera-switch-pressed" })}
          />
        )}
        {local.lamp !== "none" && (
          <Item
            icon="lamp"
            testId="lamp"
            words={local.lamp === "on" ? text.more.lampOff : text.more.lampOn}
            onPress={() => dispatch({ type: "lamp-pressed" })}
          />
        )}
        <Item
          icon="hand"
          testId="signing"
          words={isSigning ? text.more.signStop : text.more.sign}
          why={text.more.signWhy}
          pressed={isSigning}
          onPress={() => dispatch({ type: "signing-pressed" })}
        />
        {isPatient && (
          <Item icon="people" testId="invite" words={text.more.invite} onPress={onInvite} />
        )}
        {isPatient &&
          (state.wishes.includes("physical-visit") ? (
            <p class="found">
              <Icon name="yes" />
              <span>{text.wait.wishTold["physical-visit"]}</span>
            </p>
          ) : (
            <Item
              icon="leave"
              testId="wish-physical-visit"
              words={text.more.physical}
              onPress={() => dispatch({ type: "wish-pressed", wish: "physical-visit" })}
            />
          ))}
      </div>
    </Panel>
  );
}
