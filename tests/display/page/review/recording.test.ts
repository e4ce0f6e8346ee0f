import { deflateSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { openRecording } from '../../../../src/display/page/review/recording.js';
import { sampleFrame } from '../../../support/display-samples.js';
import { sceneOverlay } from '../../../support/page-scene.js';

const FRAMES = [1, 2, 3].map((frameId) => sampleFrame(frameId, { widthPx: 20, heightPx: 16 }));
const INFO = { format: 'echoline-clip/1', name: 'clip', isSimulated: true, startedAt: null };
const BYTES = 20 * 16;
/** A nerve of one pixel at (5, 2). */
const LABELS = new Uint8Array(BYTES);
LABELS[2 * 20 + 5] = 1;

function file(name: string, ...parts: BlobPart[]) {
  const blob = new Blob(parts);
  return { name, size: blob.size, slice: blob.slice.bind(blob) };
}

const lines = (values: readonly unknown[]) =>
  values.map((value) => `${JSON.stringify(value)}\n`).join('');

function files(payloadBytes = 3 * BYTES) {
  const frameLines = FRAMES.map(({ payload: _payload, ...frame }, index) => ({
    payload: { offsetBytes: index * BYTES, lengthBytes: BYTES },
    receivedAtUs: 1_000_000 + index * 100_000,
    frame,
  }));
  const overlays = FRAMES.slice(1).map((frame) => ({ ...sceneOverlay(frame), index: 7 }));
  const packed = deflateSync(LABELS);
  const data = { offsetBytes: 3, lengthBytes: packed.length };
  const labels = { widthPx: 20, heightPx: 16, classes: ['background', 'nerve'], data };
  const needle = { tip: { xPx: 90, yPx: 74 }, tipVisible: true };
  const truth = [
    { position: 1, needle, labels },
    { position: 2, needle, labels: { ...labels, heightPx: 15 } },
  ];
  return [
    file('clip.json', JSON.stringify(INFO)),
    file('frames.jsonl', lines(frameLines), '{"payload":'),
    file('frames.bin', new Uint8Array(payloadBytes).fill(9)),
    file('overlays.jsonl', lines(overlays), lines([{ type: 'overlay', needle: 'none' }])),
    file('truth.jsonl', lines(truth)),
    file('labels.bin', '...', packed),
  ];
}

const open = (from: ReturnType<typeof files>) => openRecording(from, () => undefined);

describe('recording', () => {
  it('joins frames, overlays and truth by identity and position', async () => {
    const recording = await open(files());
    expect(recording?.frames.length).toBe(3);
    expect(recording?.timesS).toEqual([0, 0.1, 0.2]);
    expect(await recording?.readOverlay(0)).toBeNull();
    expect((await recording?.readOverlay(2))?.frameId).toBe(3);
    expect((await recording?.readFrame(2))?.payload).toEqual(new Uint8Array(BYTES).fill(9));
    expect(recording?.depth).toEqual([
      [0, 0.1, 0.2],
      [null, 17.5, 17.5],
    ]);
    expect(recording?.clearance[1]).toEqual([null, 2.6, 2.6]);
    expect(recording?.truth.get(1)?.isTipVisible).toBe(true);
  });

  it('reads the true outlines of a frame, and says where they cannot be read', async () => {
    const recording = await open(files());
    expect(await recording?.readOutlines(0)).toEqual([]);
    const [nerve, ...rest] = (await recording?.readOutlines(1)) ?? [];
    expect(rest).toEqual([]);
    expect(nerve?.class).toBe('nerve');
    expect(nerve?.points).toEqual([
      { xPx: 5, yPx: 1.5 },
      { xPx: 5.5, yPx: 2 },
      { xPx: 5, yPx: 2.5 },
      { xPx: 4.5, yPx: 2 },
    ]);
    // More in the file than its line says.
    expect(await recording?.readOutlines(2)).toBeNull();
    const without = await open(files().filter(({ name }) => name !== 'labels.bin'));
    expect(await without?.readOutlines(1)).toBeNull();
  });

  it('ends with the last complete frame of a recording that was cut off', async () => {
    expect((await open(files(2 * BYTES + 1)))?.frames.length).toBe(2);
  });

  it('is none without its files, or of another format', async () => {
    expect(await open([])).toBeNull();
    expect(await open(files(BYTES - 1))).toBeNull();
    const [, ...rest] = files();
    expect(await open([file('clip.json', '{"format":"other"}'), ...rest])).toBeNull();
  });
});
