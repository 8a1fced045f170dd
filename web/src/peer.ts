// SPDX-License-Identifier: EUPL-1.2
// One RTCPeerConnection with the server. The page always offers; there is one offer under way at a
// time, and whatever changes meanwhile goes into the next. Our own sources are two fixed lines that
// carry a track or none, so muting and changing devices never needs an offer.

import {
  BALANCED,
  type Care,
  fpsOf,
  type Layer,
  layersAsked,
  layersOf,
  TEMPORAL_LAYERS,
} from "./layers";
import type { Offer, SlotCounts, Source, SourceLine, Want } from "./protocol";
import { withAudioNack, withPtime, withRedundancy } from "./sdp";
import type { OwnSource } from "./state/types";

/** What somebody may send besides: each gets a line of its own when it is first sent. */
export type ExtraSource = Exclude<Source, OwnSource>;

export interface PeerHandlers {
  readonly onOffer: (offer: Offer) => void;
  readonly onTrack: (mid: string, track: MediaStreamTrack) => void;
  readonly onConnected: () => void;
  readonly onInterrupted: () => void;
  readonly onFailed: () => void;
}

/** Changes an answer before it is applied: how our sources are to be encoded. */
export type Refine = (sdp: string, sources: readonly SourceLine[]) => string;

export interface PeerConfig {
  readonly slots: SlotCounts;
  readonly tracks: Readonly<Record<OwnSource, MediaStreamTrack | null>>;
  readonly fresh: boolean;
  readonly care?: Care;
  readonly extras?: ReadonlyMap<ExtraSource, MediaStreamTrack>;
  /** false: pictures are not to be sent to us. */
  readonly video?: boolean;
  readonly refine?: Refine | undefined;
  /** Sequence numbers grow over the life of the page, not of one connection. */
  readonly nextSeq: () => number;
}

export class Peer {
  private readonly pc: RTCPeerConnection;
  private readonly senders: Readonly<Record<OwnSource, RTCRtpTransceiver>>;
  private readonly extras = new Map<ExtraSource, RTCRtpTransceiver>();
  private counts: SlotCounts = { audio: 0, video: 0 };
  /** What was asked for, pictures that are not wanted included. */
  private asked: SlotCounts = { audio: 0, video: 0 };
  private isFresh: boolean;
  private isClosed = false;
  /** The offer that waits for its answer. */
  private pending: Offer | null = null;
  private isMaking = false;
  private isStale = false;
  private wantsRestart = false;
  private hasConnected = false;
  private care: Care;
  private wantsVideo: boolean;
  /** What the server wants of the camera, and of the microphone. */
  private want: Want | null = null;
  private ptimeMs: number | null = null;
  private isRedundant = false;
  private soundBps: number | null = null;
  /** The answer in force, as it came. */
  private answered: string | null = null;
  /** Changes of what the camera's line sends, one after another: they read before they write. */
  private tuning: Promise<void> = Promise.resolve();

  constructor(
    private readonly config: PeerConfig,
    private readonly handlers: PeerHandlers,
  ) {
    this.isFresh = config.fresh;
    this.care = config.care ?? BALANCED;
    this.wantsVideo = config.video ?? true;
    this.pc = new RTCPeerConnection({ bundlePolicy: "max-bundle", rtcpMuxPolicy: "require" });
    const stream = new MediaStream();
    const { microphone, camera } = config.tracks;
    this.senders = {
      microphone: this.pc.addTransceiver(microphone ?? "audio", {
        direction: "sendonly",
        streams: [stream],
      }),
      camera: addCamera(this.pc, camera, stream),
    };
    this.pc.ontrack = (event) => {
      if (event.transceiver.mid !== null) {
        handlers.onTrack(event.transceiver.mid, event.track);
      }
    };
    this.pc.onconnectionstatechange = () => this.stateChanged();
    this.growTo(config.slots);
    for (const [source, track] of config.extras ?? []) {
      this.addExtra(source, track);
    }
    this.negotiate();
  }

  /** Sends a further source, or sends it no more; its line stays for the next time. */
  async share(source: ExtraSource, track: MediaStreamTrack | null): Promise<void> {
    const line = this.extras.get(source);
    if (this.isClosed || (line === undefined && track === null)) {
      return;
    }
    if (line !== undefined) {
      await line.sender.replaceTrack(track);
    } else if (track !== null) {
      this.addExtra(source, track);
      this.negotiate();
    }
  }

  private addExtra(source: ExtraSource, track: MediaStreamTrack): void {
    const streams = [new MediaStream()];
    this.extras.set(source, this.pc.addTransceiver(track, { direction: "sendonly", streams }));
  }

  async setTrack(source: OwnSource, track: MediaStreamTrack | null): Promise<void> {
    if (this.isClosed) {
      return;
    }
    const { sender } = this.senders[source];
    await sender.replaceTrack(track);
    if (source === "camera" && track !== null) {
      await this.tune();
    }
  }

  /** Sends no more than is used and the link carries, as the server sees it. */
  async send(wants: readonly Want[]): Promise<void> {
    const of = (source: OwnSource): Want | undefined =>
      wants.find((want) => want.mid === this.senders[source].mid);
    const camera = of("camera");
    if (camera !== undefined) {
      this.want = camera;
      await this.tune();
    }
    for (const { mid, sender } of this.extras.values()) {
      const want = wants.find((w) => w.mid === mid);
      if (want !== undefined) {
        await fitWhole(sender, want);
      }
    }
    const microphone = of("microphone");
    if (microphone !== undefined) {
      if (microphone.max_bps !== this.soundBps) {
        this.soundBps = microphone.max_bps;
        await capSound(this.senders.microphone.sender, microphone.max_bps);
      }
      const { ptime_ms, redundancy } = microphone;
      if (ptime_ms !== this.ptimeMs || redundancy !== this.isRedundant) {
        this.ptimeMs = ptime_ms;
        this.isRedundant = redundancy;
        await this.applyAgain();
      }
    }
  }

  async setCare(care: Care): Promise<void> {
    this.care = care;
    await this.tune();
  }

  /** Whether the others' pictures should come. Lines that are not wanted are stopped, so that nothing
   * is sent on them whatever the server knows of wishes, and lines made anew take their place: one
   * that was only inactive stays black when it comes back (Chromium 156). */
  receiveVideo(on: boolean): void {
    if (this.wantsVideo === on || this.isClosed) {
      return;
    }
    this.wantsVideo = on;
    if (on) {
      this.growTo(this.asked);
    } else {
      for (const transceiver of this.pc.getTransceivers()) {
        if (transceiver.direction === "recvonly" && transceiver.receiver.track.kind === "video") {
          transceiver.stop();
        }
      }
      this.counts = { ...this.counts, video: 0 };
    }
    this.negotiate();
  }

  setSlots(slots: SlotCounts): void {
    if (this.growTo(slots)) {
      this.negotiate();
    }
  }

  restart(): void {
    this.wantsRestart = true;
    this.negotiate();
  }

  /** The websocket is back: an offer whose answer may have been lost is asked again. */
  resync(): void {
    if (this.pending !== null) {
      this.pending = { ...this.pending, seq: this.config.nextSeq() };
      this.handlers.onOffer(this.pending);
    }
  }

  async answer(seq: number, sdp: string): Promise<void> {
    if (this.isClosed || this.pending === null || this.pending.seq !== seq) {
      return;
    }
    this.pending = null;
    try {
      await this.applyAnswer(sdp);
    } catch {
      this.failed();
      return;
    }
    this.answered = sdp;
    this.isFresh = false;
    await this.tune();
    if (this.isStale) {
      this.negotiate();
    }
  }

  get isConnected(): boolean {
    return this.pc.connectionState === "connected";
  }

  stats(): Promise<RTCStatsReport> {
    return this.pc.getStats();
  }

  close(): void {
    this.isClosed = true;
    this.pc.onconnectionstatechange = null;
    this.pc.ontrack = null;
    this.pc.close();
  }

  private growTo(slots: SlotCounts): boolean {
    const before = this.counts;
    this.asked = {
      audio: Math.max(this.asked.audio, slots.audio),
      video: Math.max(this.asked.video, slots.video),
    };
    const video = this.wantsVideo ? slots.video : 0;
    for (let i = before.audio; i < slots.audio; i++) {
      this.pc.addTransceiver("audio", { direction: "recvonly" });
    }
    for (let i = before.video; i < video; i++) {
      this.pc.addTransceiver("video", { direction: "recvonly" });
    }
    this.counts = {
      audio: Math.max(before.audio, slots.audio),
      video: Math.max(before.video, video),
    };
    return this.counts.audio > before.audio || this.counts.video > before.video;
  }

  private negotiate(): void {
    this.isStale = true;
    if (this.isMaking || this.isClosed) {
      return;
    }
    // A restart cannot wait for the answer to an offer that may never have arrived.
    if (this.pending !== null && !this.wantsRestart) {
      return;
    }
    this.makeOffer().catch(() => this.failed());
  }

  private async makeOffer(): Promise<void> {
    this.isMaking = true;
    try {
      while (this.isStale && !this.isClosed) {
        this.isStale = false;
        if (this.pending !== null) {
          this.pending = null;
          await this.pc.setLocalDescription({ type: "rollback" });
        }
        const iceRestart = this.wantsRestart;
        this.wantsRestart = false;
        await this.describe(await this.pc.createOffer({ iceRestart }));
      }
    } finally {
      this.isMaking = false;
    }
    const sdp = this.pc.localDescription?.sdp;
    if (this.isClosed || sdp === undefined) {
      return;
    }
    const seq = this.config.nextSeq();
    const sources = this.sourceLines();
    this.pending = this.isFresh ? { seq, sdp, sources, fresh: true } : { seq, sdp, sources };
    this.handlers.onOffer(this.pending);
  }

  private async describe({ sdp = "" }: RTCSessionDescriptionInit): Promise<void> {
    try {
      await this.pc.setLocalDescription({ type: "offer", sdp: withAudioNack(sdp) });
    } catch {
      // A browser that lets nobody change its words: lost sound stays lost then.
      await this.pc.setLocalDescription({ type: "offer", sdp });
    }
  }

  private applyAnswer(sdp: string): Promise<void> {
    const { mid } = this.senders.microphone;
    const timed = withPtime(sdp, mid, this.ptimeMs);
    const answer = this.isRedundant ? withRedundancy(timed, mid) : timed;
    const refined = this.config.refine?.(answer, this.sourceLines()) ?? answer;
    return this.pc.setRemoteDescription({ type: "answer", sdp: refined });
  }

  // There is no other way to change the length of a packet, or whether it repeats the one before,
  // than the other side's description, so the last answer is applied once more, to the same offer;
  // the server need not hear of it.
  private async applyAgain(): Promise<void> {
    if (this.isMaking || this.pending !== null || this.answered === null || this.isClosed) {
      // The answer that is on its way brings it.
      return;
    }
    this.isMaking = true;
    try {
      await this.describe(await this.pc.createOffer());
      await this.applyAnswer(this.answered);
    } catch {
      await this.pc.setLocalDescription({ type: "rollback" }).catch(() => {
        // It was the offer itself that could not be made: nothing is changed.
      });
    } finally {
      this.isMaking = false;
    }
    if (this.isStale) {
      this.negotiate();
    }
  }

  private tune(): Promise<void> {
    this.tuning = this.tuning.then(() => this.tuneNow());
    return this.tuning;
  }

  private async tuneNow(): Promise<void> {
    const { sender } = this.senders.camera;
    if (this.isClosed || !sender.track) {
      return;
    }
    sender.track.contentHint = this.care.hint;
    await fitLayers(sender, sender.track, this.want, this.care);
  }

  private sourceLines(): SourceLine[] {
    const lines: SourceLine[] = [];
    const own = Object.entries(this.senders) as [Source, RTCRtpTransceiver][];
    for (const [source, { mid }] of [...own, ...this.extras]) {
      if (mid !== null) {
        lines.push({ mid, source });
      }
    }
    return lines;
  }

  private stateChanged(): void {
    switch (this.pc.connectionState) {
      case "connected":
        this.hasConnected = true;
        this.handlers.onConnected();
        break;
      case "disconnected":
        if (this.hasConnected) {
          this.handlers.onInterrupted();
        }
        break;
      case "failed":
        this.failed();
        break;
      default:
        break;
    }
  }

  private failed(): void {
    if (!this.isClosed) {
      this.handlers.onFailed();
    }
  }
}

/** A peer that takes no simulcast leaves one encoding, which is then sent whole. */
const WHOLE: Layer = { rid: "", active: true, scaleResolutionDownBy: 1, maxBitrate: 1_500_000 };

function addCamera(
  pc: RTCPeerConnection,
  camera: MediaStreamTrack | null,
  stream: MediaStream,
): RTCRtpTransceiver {
  const add = (sendEncodings: RTCRtpEncodingParameters[]): RTCRtpTransceiver =>
    pc.addTransceiver(camera ?? "video", {
      direction: "sendonly",
      streams: [stream],
      sendEncodings,
    });
  const plain = layersOf(camera);
  try {
    return add(plain.map((layer) => ({ ...layer, scalabilityMode: TEMPORAL_LAYERS })));
  } catch {
    // A browser whose encoder knows no such layers.
    return add(plain);
  }
}

async function capSound(sender: RTCRtpSender, maxBps: number | null): Promise<void> {
  const parameters = sender.getParameters();
  for (const encoding of parameters.encodings) {
    if (maxBps === null) {
      delete encoding.maxBitrate;
    } else {
      encoding.maxBitrate = maxBps;
    }
  }
  await sender.setParameters(parameters).catch(() => {
    // Then it takes as much as before.
  });
}

/** A line of one encoding: all of it, as much as the server wants, or nothing. */
async function fitWhole(sender: RTCRtpSender, want: Want): Promise<void> {
  const parameters = sender.getParameters();
  for (const encoding of parameters.encodings) {
    encoding.active = want.used;
    if (want.max_bps === null) {
      delete encoding.maxBitrate;
    } else {
      encoding.maxBitrate = want.max_bps;
    }
  }
  await sender.setParameters(parameters).catch(() => {
    // Then it goes on as it was.
  });
}

async function fitLayers(
  sender: RTCRtpSender,
  track: MediaStreamTrack,
  want: Want | null,
  care: Care,
): Promise<void> {
  const parameters = sender.getParameters();
  const plan = parameters.encodings.length === 1 ? [WHOLE] : layersOf(track);
  const layers = layersAsked(plan, want);
  for (const [i, encoding] of parameters.encodings.entries()) {
    const { active, scaleResolutionDownBy, maxBitrate } = layers[i] ?? encoding;
    const maxFramerate = active ? fpsOf(maxBitrate ?? Number.POSITIVE_INFINITY) : undefined;
    Object.assign(encoding, { active, scaleResolutionDownBy, maxBitrate, maxFramerate });
  }
  parameters.degradationPreference = care.prefer;
  await sender.setParameters(parameters).catch(() => {
    // Not a reason to lose the picture: it goes on as it was.
  });
}
