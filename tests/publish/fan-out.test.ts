import { describe, expect, it } from 'vitest';
import type { Overlay } from '../../src/domain/overlay.js';
import type { RecordingSink } from '../../src/domain/recording.js';
import { type DisplaySink, FanOut } from '../../src/publish/fan-out.js';
import type { PacedItem } from '../../src/publish/paced-slot.js';
import type { FrameOutcome } from '../../src/session/frame-outcome.js';
import { testFrame, testMessage } from '../support/frames.js';

interface TestDisplay extends DisplaySink {
  readonly overlays: PacedItem[];
  readonly frames: PacedItem[];
}

function createDisplay(wantsFrames: boolean): TestDisplay {
  const overlays: PacedItem[] = [];
  const frames: PacedItem[] = [];
  return {
    wantsFrames,
    predictAfterPublishMs: null,
    overlays,
    frames,
    offerOverlay: (item) => overlays.push(item),
    offerFrame: (item) => frames.push(item),
    onInfo() {},
    onProcedure() {},
  };
}

function createFanOut() {
  const published: number[] = [];
  const fanOut = new FanOut({
    streamId: 's',
    model: () => ({ id: 'm', sha256: 'x' }),
    readClockUs: () => 9000,
    observer: { onPublished: (us) => published.push(us), onRelayed() {} },
    onEncoderError: (error) => {
      throw error;
    },
  });
  return { fanOut, published };
}

function outcome(recording: RecordingSink | null): FrameOutcome {
  return {
    frame: testFrame(4),
    trackEpoch: 0,
    receivedAtUs: 2000,
    clock: null,
    result: { kind: 'none', reason: 'engine-unavailable' },
    recording,
  };
}

describe('the fan-out of a stream', () => {
  it('serialises an overlay once for everybody', () => {
    const { fanOut, published } = createFanOut();
    const displays = [createDisplay(false), createDisplay(true)];
    for (const display of displays) fanOut.addDisplay(display);
    const heard: Uint8Array[] = [];
    fanOut.addOverlayListener((overlay) => heard.push(overlay));
    fanOut.onOutcome(outcome(null));

    const [first, second] = displays.map((display) => display.overlays[0]);
    expect(first?.bytes).toBe(second?.bytes);
    expect(heard[0]).toBe(first?.bytes);
    expect(JSON.parse(Buffer.from(heard[0] ?? []).toString())).toMatchObject({ frameId: 4 });
    expect(published).toEqual([7000]);
  });

  it('passes frames to those who want them only, byte for byte', () => {
    const { fanOut } = createFanOut();
    const [without, withFrames] = [createDisplay(false), createDisplay(true)];
    fanOut.addDisplay(without);
    const remove = fanOut.addDisplay(withFrames);
    const message = testMessage(4);
    fanOut.onFrame(testFrame(4), message);
    remove();
    fanOut.onFrame(testFrame(5), testMessage(5));

    expect(without.frames).toEqual([]);
    expect(withFrames.frames).toHaveLength(1);
    expect(withFrames.frames[0]?.bytes).toBe(message);
    expect(fanOut.displayCount).toBe(1);
  });

  it('records overlays also when nobody watches', () => {
    const { fanOut } = createFanOut();
    const overlays: Overlay[] = [];
    fanOut.onOutcome(
      outcome({
        overlay: (overlay) => overlays.push(overlay),
        frame() {},
        verdict() {},
        event() {},
        close: async () => {},
      }),
    );
    expect(overlays[0]?.guidance.validity).toBe('unavailable');
  });
});
