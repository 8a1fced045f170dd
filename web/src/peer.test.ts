// SPDX-License-Identifier: EUPL-1.2
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Peer, type PeerHandlers } from "./peer";
import type { Offer } from "./protocol";

interface FakeTransceiver {
  mid: string | null;
  kind: string;
  direction: string;
  encodings: number;
  receiver: { track: { kind: string } };
  stop: () => void;
  sender: {
    replaceTrack: (track: unknown) => Promise<void>;
    getParameters: () => { encodings: unknown[] };
    setParameters: (parameters: { encodings: unknown[] }) => Promise<void>;
    parameters: { encodings: unknown[] };
    track: unknown;
  };
}

// Offers are texts that say how many lines they have and whether ICE was restarted.
class FakeConnection {
  static last: FakeConnection;
  readonly lines: FakeTransceiver[] = [];
  readonly calls: string[] = [];
  localDescription: { sdp: string } | null = null;
  signalingState = "stable";
  connectionState = "new";
  isClosed = false;
  refuses = false;
  refusesLayers = false;
  remote = "";
  onconnectionstatechange: (() => void) | null = null;
  ontrack: unknown = null;

  constructor() {
    FakeConnection.last = this;
  }

  addTransceiver(kind: string, init: { direction: string; sendEncodings?: unknown[] }) {
    const asked = init.sendEncodings as { scalabilityMode?: string }[] | undefined;
    if (this.refusesLayers && asked?.some((e) => e.scalabilityMode !== undefined)) {
      throw new Error("unknown scalability mode");
    }
    const line: FakeTransceiver = {
      mid: null,
      kind,
      direction: init.direction,
      encodings: init.sendEncodings?.length ?? 0,
      receiver: { track: { kind } },
      stop: () => {
        line.direction = "stopped";
      },
      sender: {
        track: null,
        parameters: { encodings: init.sendEncodings ?? [] },
        getParameters() {
          return structuredClone(this.parameters);
        },
        setParameters(parameters) {
          this.parameters = parameters;
          return Promise.resolve();
        },
        replaceTrack(track: unknown) {
          this.track = track;
          return Promise.resolve();
        },
      },
    };
    this.lines.push(line);
    return line;
  }

  getTransceivers(): FakeTransceiver[] {
    return this.lines.filter((line) => line.direction !== "stopped");
  }

  async createOffer({ iceRestart = false } = {}): Promise<{ type: string; sdp: string }> {
    await Promise.resolve();
    return { type: "offer", sdp: `${this.lines.length} lines${iceRestart ? " restart" : ""}` };
  }

  async setLocalDescription({ type, sdp = "" }: { type: string; sdp?: string }): Promise<void> {
    await Promise.resolve();
    this.calls.push(type);
    if (type === "rollback") {
      this.signalingState = "stable";
      return;
    }
    // An offer may replace an offer (RFC 8829 4.1.8), not an answer.
    expect(["stable", "have-local-offer"]).toContain(this.signalingState);
    this.signalingState = "have-local-offer";
    this.localDescription = { sdp };
    this.lines.forEach((line, i) => {
      line.mid = String(i);
    });
  }

  async setRemoteDescription({ type, sdp }: { type: string; sdp: string }): Promise<void> {
    await Promise.resolve();
    this.remote = sdp;
    if (this.refuses) {
      throw new Error("cannot be applied");
    }
    expect(this.signalingState).toBe("have-local-offer");
    this.calls.push(type);
    this.signalingState = "stable";
  }

  becomes(state: string): void {
    this.connectionState = state;
    this.onconnectionstatechange?.();
  }

  close(): void {
    this.isClosed = true;
  }
}

const offers: Offer[] = [];
const handlers = {
  onOffer: vi.fn((offer: Offer) => void offers.push(offer)),
  onTrack: vi.fn(),
  onConnected: vi.fn(),
  onInterrupted: vi.fn(),
  onFailed: vi.fn(),
} satisfies PeerHandlers;

function make(fresh = false): Peer {
  let seq = 0;
  return new Peer(
    {
      slots: { audio: 1, video: 1 },
      tracks: { microphone: null, camera: null },
      fresh,
      nextSeq: () => ++seq,
    },
    handlers,
  );
}

async function settled(): Promise<void> {
  for (let i = 0; i < 20; i++) {
    await Promise.resolve();
  }
}

beforeEach(() => {
  vi.stubGlobal("RTCPeerConnection", FakeConnection);
  vi.stubGlobal("MediaStream", class {});
  offers.length = 0;
  for (const handler of Object.values(handlers)) {
    handler.mockClear();
  }
});

afterEach(() => vi.unstubAllGlobals());

describe("Peer", () => {
  it("offers its two sources and the slots, tracks or not", async () => {
    make();
    await settled();
    expect(FakeConnection.last.lines.map((l) => `${l.kind} ${l.direction} ${l.encodings}`)).toEqual(
      ["audio sendonly 0", "video sendonly 3", "audio recvonly 0", "video recvonly 0"],
    );
    expect(offers).toEqual([
      {
        seq: 1,
        sdp: "4 lines",
        sources: [
          { mid: "0", source: "microphone" },
          { mid: "1", source: "camera" },
        ],
      },
    ]);
  });

  it("has one offer under way, and puts what came meanwhile into the next", async () => {
    const peer = make();
    await settled();
    peer.setSlots({ audio: 2, video: 2 });
    peer.setSlots({ audio: 3, video: 2 });
    await settled();
    expect(offers.length).toBe(1);
    await peer.answer(1, "answer");
    await settled();
    expect(offers.map((o) => o.sdp)).toEqual(["4 lines", "7 lines"]);
    await peer.answer(2, "answer");
    await settled();
    expect(offers.length).toBe(2);
    peer.setSlots({ audio: 1, video: 1 });
    await settled();
    expect(offers.length).toBe(2);
  });

  it("ignores answers to older offers", async () => {
    const peer = make();
    await settled();
    await peer.answer(7, "answer");
    expect(FakeConnection.last.signalingState).toBe("have-local-offer");
    await peer.answer(1, "answer");
    await peer.answer(1, "answer");
    expect(FakeConnection.last.calls).toEqual(["offer", "answer"]);
  });

  it("stops its picture lines when no pictures are wanted, and makes them anew", async () => {
    const peer = make();
    await settled();
    await peer.answer(1, "answer");
    peer.receiveVideo(false);
    await settled();
    const open = (): string[] =>
      FakeConnection.last.getTransceivers().map((l) => `${l.kind} ${l.direction}`);
    expect(open()).toEqual(["audio sendonly", "video sendonly", "audio recvonly"]);
    expect(offers).toHaveLength(2);
    await peer.answer(2, "answer");
    // More are asked for meanwhile: sound has its lines at once, pictures when they are wanted.
    peer.setSlots({ audio: 2, video: 3 });
    await settled();
    await peer.answer(3, "answer");
    expect(open().filter((line) => line === "video recvonly")).toHaveLength(0);
    peer.receiveVideo(true);
    peer.receiveVideo(true);
    await settled();
    expect(offers).toHaveLength(4);
    expect(open().filter((line) => line === "video recvonly")).toHaveLength(3);
    expect(open().filter((line) => line === "audio recvonly")).toHaveLength(2);
  });

  it("does not wait for a lost answer to restart ICE", async () => {
    const peer = make();
    await settled();
    peer.restart();
    await settled();
    expect(FakeConnection.last.calls).toEqual(["offer", "rollback", "offer"]);
    expect(offers.map((o) => o.sdp)).toEqual(["4 lines", "4 lines restart"]);
    await peer.answer(1, "answer");
    expect(FakeConnection.last.signalingState).toBe("have-local-offer");
    await peer.answer(2, "answer");
    expect(FakeConnection.last.signalingState).toBe("stable");
  });

  it("makes one offer of two restarts in one breath", async () => {
    const peer = make();
    peer.restart();
    peer.restart();
    await settled();
    expect(offers.map((o) => o.sdp)).toEqual(["4 lines restart"]);
  });

  it("repeats an unanswered offer under a new number when the websocket is back", async () => {
    const peer = make(true);
    await settled();
    peer.resync();
    expect(offers.map(({ seq, sdp, fresh }) => [seq, sdp, fresh])).toEqual([
      [1, "4 lines", true],
      [2, "4 lines", true],
    ]);
    await peer.answer(2, "answer");
    peer.resync();
    expect(offers.length).toBe(2);
  });

  it("is fresh until it has been answered", async () => {
    const peer = make(true);
    await settled();
    await peer.answer(1, "answer");
    peer.restart();
    await settled();
    expect(offers.map((o) => o.fresh)).toEqual([true, undefined]);
  });

  it("fails when the answer cannot be applied", async () => {
    const peer = make();
    await settled();
    FakeConnection.last.refuses = true;
    await peer.answer(1, "nonsense");
    expect(handlers.onFailed).toHaveBeenCalledOnce();
  });

  it("reports its ways, and nothing once closed", async () => {
    const peer = make();
    await settled();
    FakeConnection.last.becomes("disconnected");
    expect(handlers.onInterrupted).not.toHaveBeenCalled();
    FakeConnection.last.becomes("connected");
    FakeConnection.last.becomes("disconnected");
    FakeConnection.last.becomes("failed");
    expect(handlers.onConnected).toHaveBeenCalledOnce();
    expect(handlers.onInterrupted).toHaveBeenCalledOnce();
    expect(handlers.onFailed).toHaveBeenCalledOnce();
    peer.close();
    FakeConnection.last.becomes("failed");
    expect(handlers.onFailed).toHaveBeenCalledOnce();
    expect(FakeConnection.last.isClosed).toBe(true);
  });

  it("asks for layers in time, where the browser has them", async () => {
    make();
    await settled();
    const encodings = () => FakeConnection.last.lines[1]?.sender.parameters.encodings;
    expect(encodings()).toMatchObject(Array(3).fill({ scalabilityMode: "L1T3" }));
    vi.stubGlobal(
      "RTCPeerConnection",
      class extends FakeConnection {
        override refusesLayers = true;
      },
    );
    make();
    expect(encodings()).toMatchObject([{ rid: "q" }, { rid: "h" }, { rid: "f" }]);
    expect(encodings()?.[0]).not.toHaveProperty("scalabilityMode");
  });

  it("sends what the server wants, of every camera, and takes care as it is told", async () => {
    const peer = make();
    await settled();
    await peer.answer(1, "answer");
    const want = {
      mid: "1",
      used: true,
      rids: ["q", "h"],
      max_bps: 400_000,
      ptime_ms: null,
      redundancy: false,
    };
    await peer.send([want]);
    const sender = FakeConnection.last.lines[1]?.sender;
    // Nothing to set while there is no camera.
    expect(sender?.parameters.encodings).toMatchObject([{ active: true }, { active: true }, {}]);
    const track = { contentHint: "", getSettings: () => ({ width: 1280, height: 720 }) };
    await peer.setTrack("camera", track as unknown as MediaStreamTrack);
    expect(sender?.parameters.encodings).toMatchObject([
      { rid: "q", active: true, maxBitrate: 150_000 },
      { rid: "h", active: true, maxBitrate: 250_000 },
      { rid: "f", active: false },
    ]);
    await peer.setCare({ hint: "motion", prefer: "maintain-framerate" });
    expect(track.contentHint).toBe("motion");
    expect(sender?.parameters).toMatchObject({ degradationPreference: "maintain-framerate" });
    await peer.send([{ ...want, used: false }]);
    expect(sender?.parameters.encodings).toMatchObject(Array(3).fill({ active: false }));
    await peer.send([{ ...want, mid: "7", used: true }]);
    expect(sender?.parameters.encodings).toMatchObject(Array(3).fill({ active: false }));
    expect(offers.length).toBe(1);
  });

  it("lets sound take fewer bits, and all of them again", async () => {
    const peer = make();
    const sound = (max_bps: number | null) => [
      { mid: "0", used: true, rids: [], max_bps, ptime_ms: null, redundancy: false },
    ];
    await settled();
    await peer.answer(1, "answer");
    const sender = FakeConnection.last.lines[0]?.sender;
    sender?.parameters.encodings.push({});
    await peer.send(sound(16_000));
    expect(sender?.parameters.encodings).toEqual([{ maxBitrate: 16_000 }]);
    await peer.send(sound(null));
    expect(sender?.parameters.encodings).toEqual([{}]);
    expect(offers.length).toBe(1);
  });

  it("changes the length of its packets without the server", async () => {
    const peer = make();
    const sound = (ptime_ms: number | null) => [
      { mid: "0", used: true, rids: [], max_bps: null, ptime_ms, redundancy: false },
    ];
    await settled();
    // The answer that is on its way brings it.
    await peer.send(sound(40));
    expect(FakeConnection.last.calls).toEqual(["offer"]);
    const answer = "v=0\r\nm=audio 9 x 111\r\na=mid:0\r\na=x:y\r\n";
    await peer.answer(1, answer);
    expect(FakeConnection.last.remote).toBe(`${answer}a=ptime:40\r\n`);
    await peer.send(sound(60));
    await peer.send(sound(60));
    expect(FakeConnection.last.calls).toEqual(["offer", "answer", "offer", "answer"]);
    expect(FakeConnection.last.remote).toBe(`${answer}a=ptime:60\r\n`);
    await peer.send(sound(null));
    expect(FakeConnection.last.remote).toBe(answer);
    expect(offers.length).toBe(1);
    expect(handlers.onFailed).not.toHaveBeenCalled();
  });

  it("doubles its sound without the server, and stops", async () => {
    const peer = make();
    const sound = (redundancy: boolean) => [
      { mid: "0", used: true, rids: [], max_bps: null, ptime_ms: null, redundancy },
    ];
    await settled();
    const answer =
      "v=0\r\nm=audio 9 x 111 63\r\na=mid:0\r\na=rtpmap:111 opus/48000/2\r\na=rtpmap:63 red/48000/2\r\n";
    await peer.answer(1, answer);
    expect(FakeConnection.last.remote).toBe(answer);
    await peer.send(sound(true));
    await peer.send(sound(true));
    expect(FakeConnection.last.calls).toEqual(["offer", "answer", "offer", "answer"]);
    expect(FakeConnection.last.remote).toBe(answer.replace("111 63", "63 111"));
    await peer.send(sound(false));
    expect(FakeConnection.last.remote).toBe(answer);
    expect(offers.length).toBe(1);
  });

  it("gets over an answer that cannot be applied again", async () => {
    const peer = make();
    await settled();
    await peer.answer(1, "answer");
    FakeConnection.last.refuses = true;
    await peer.send([
      { mid: "0", used: true, rids: [], max_bps: null, ptime_ms: 60, redundancy: false },
    ]);
    expect(FakeConnection.last.calls).toEqual(["offer", "answer", "offer", "rollback"]);
    expect(handlers.onFailed).not.toHaveBeenCalled();
    FakeConnection.last.refuses = false;
    peer.setSlots({ audio: 2, video: 2 });
    await settled();
    expect(offers.length).toBe(2);
  });

  it("changes tracks without an offer", async () => {
    const peer = make();
    await settled();
    await peer.answer(1, "answer");
    const track = {
      kind: "video",
      getSettings: () => ({ width: 640, height: 480 }),
    } as unknown as MediaStreamTrack;
    await peer.setTrack("camera", track);
    await settled();
    expect(FakeConnection.last.lines[1]?.sender.track).toBe(track);
    // A small camera is sent in the sizes a browser sends of it.
    expect(FakeConnection.last.lines[1]?.sender.parameters.encodings).toMatchObject([
      { rid: "q", active: true, scaleResolutionDownBy: 2 },
      { rid: "h", active: true, scaleResolutionDownBy: 1 },
      { rid: "f", active: false },
    ]);
    expect(offers.length).toBe(1);
  });
});
