import { type Frame, frameKey } from '../../../domain/frame.js';
import type { Overlay } from '../../../domain/overlay.js';
import { readServiceMessage } from '../../service-message.js';
import { fieldsOf } from '../fields.js';
import type { PlotData } from '../plot.js';
import { blobLines, type Extent, type ReadableBlob, readExtent } from './blob-lines.js';
import { createOverlayNotes, type KeyMoment, keyMoments, type OverlayNote } from './key-moments.js';
import { readLabelMap } from './label-map.js';
import {
  parse,
  type RecordedEvent,
  type RecordedFrame,
  type RecordedTruth,
  readEventLine,
  readFrameLine,
  readTruthLine,
} from './recorded-line.js';
import { type TrueOutline, trueOutlines } from './true-outlines.js';

/** A file of a recording with its name. */
export interface NamedBlob extends ReadableBlob {
  readonly name: string;
}

/** A recording that was opened: overlays and payloads are read when they are looked at. */
export interface Recording {
  readonly name: string;
  readonly isSimulated: boolean;
  readonly frames: readonly RecordedFrame[];
  /** Of each frame, s from the first; never falls. */
  readonly timesS: readonly number[];
  /** By position; empty without ground truth. */
  readonly truth: ReadonlyMap<number, RecordedTruth>;
  readonly moments: readonly KeyMoment[];
  /** Depth of the tip, mm. */
  readonly depth: PlotData;
  /** Lower bound of the clearance to the nearest protected structure, mm. */
  readonly clearance: PlotData;
  /** A frame with its payload. */
  readFrame(position: number): Promise<Frame>;
  /** null where the frame has none. */
  readOverlay(position: number): Promise<Overlay | null>;
  /** True outlines of the structures; empty without ground truth, null where it is unreadable. */
  readOutlines(position: number): Promise<readonly TrueOutline[] | null>;
}

/**
 * Opens the files of a recording folder (`serve --record`, or a clip of the phantom).
 *
 * @param onProgress - told how much was read, 0 to 1
 * @returns null when they are none, or there is no complete frame
 */
export async function openRecording(
  files: readonly NamedBlob[],
  onProgress: (share: number) => void,
): Promise<Recording | null> {
  const file = (name: string) => files.find((one) => one.name === name) ?? null;
  const payloads = file('frames.bin');
  const info = fieldsOf(parse((await textOf(file('clip.json'))) ?? ''));
  if (info.format !== 'echoline-clip/1' || payloads === null) return null;
  const all = await readAll(file('frames.jsonl'), readFrameLine);
  const frames = all.filter(
    ({ payload }) => payload.offsetBytes + payload.lengthBytes <= payloads.size,
  );
  const [first] = frames;
  if (first === undefined) return null;
  const timesS = risingTimes(frames);
  const overlays = file('overlays.jsonl');
  const read = await readOverlays(overlays, frames, timesS, onProgress);
  const events: RecordedEvent[] = await readAll(file('events.jsonl'), readEventLine);
  const truthLines = await readAll(file('truth.jsonl'), readTruthLine);
  const truth = new Map(truthLines.map((line) => [line.position, line]));
  const labelMaps = file('labels.bin');
  return {
    name: typeof info.name === 'string' ? info.name : '',
    isSimulated: info.isSimulated === true,
    frames,
    timesS,
    truth,
    moments: keyMoments(read.notes, events, first.atUs),
    depth: read.depth,
    clearance: read.clearance,
    async readFrame(position) {
      const recorded = frames[position];
      if (recorded === undefined) throw new Error(`Frame ${position} is not in the recording.`);
      return { ...recorded.frame, payload: await readExtent(payloads, recorded.payload) };
    },
    async readOverlay(position) {
      const extent = read.extents.get(position);
      if (extent === undefined || overlays === null) return null;
      return toOverlay(new TextDecoder().decode(await readExtent(overlays, extent)));
    },
    async readOutlines(position) {
      const labels = truth.get(position)?.labels ?? null;
      if (labels === null) return [];
      if (labelMaps === null) return null;
      return readLabelMap(labelMaps, labels).then(
        (map) => trueOutlines(labels, map),
        () => null,
      );
    },
  };
}

async function textOf(file: NamedBlob | null): Promise<string | null> {
  if (file === null) return null;
  return new TextDecoder().decode(await readExtent(file, { offsetBytes: 0, lengthBytes: 65_536 }));
}

async function readAll<Line>(
  file: NamedBlob | null,
  read: (text: string) => Line | null,
): Promise<Line[]> {
  const lines: Line[] = [];
  if (file === null) return lines;
  for await (const { text } of blobLines(file)) {
    const line = read(text);
    if (line !== null) lines.push(line);
  }
  return lines;
}

/** Clocks may step back; the position on a time line may not. */
function risingTimes(frames: readonly RecordedFrame[]): readonly number[] {
  const startUs = frames[0]?.atUs ?? 0;
  let lastS = 0;
  return frames.map(({ atUs }) => {
    lastS = Math.max(lastS, (atUs - startUs) / 1e6);
    return lastS;
  });
}

function toOverlay(text: string): Overlay | null {
  const reading = readServiceMessage(text, null);
  const isOverlay = reading.kind === 'message' && reading.message.type === 'overlay';
  return isOverlay ? (reading.message as Overlay) : null;
}

interface OverlayReading {
  readonly extents: ReadonlyMap<number, Extent>;
  readonly notes: readonly OverlayNote[];
  readonly depth: PlotData;
  readonly clearance: PlotData;
}

/** Reads every overlay once, and keeps of each what plots and time line show. */
async function readOverlays(
  file: NamedBlob | null,
  frames: readonly RecordedFrame[],
  timesS: readonly number[],
  onProgress: (share: number) => void,
): Promise<OverlayReading> {
  const positions = new Map(frames.map(({ frame }, index) => [frameKey(frame), index]));
  const extents = new Map<number, Extent>();
  const notes: OverlayNote[] = [];
  const noteOverlay = createOverlayNotes();
  const gaps = (): (number | null)[] => frames.map(() => null);
  const depthMm = gaps();
  const clearanceMm = gaps();
  if (file !== null) {
    for await (const { text, offsetBytes, lengthBytes } of blobLines(file)) {
      const overlay = toOverlay(text);
      const position = overlay === null ? undefined : positions.get(frameKey(overlay));
      if (overlay === null || position === undefined) continue;
      extents.set(position, { offsetBytes, lengthBytes });
      depthMm[position] = overlay.guidance.tip?.depthMm ?? null;
      clearanceMm[position] = overlay.guidance.nearest?.lowerBoundMm ?? null;
      notes.push(noteOverlay(overlay, timesS[position] ?? 0));
      if (notes.length % 100 === 0) onProgress(offsetBytes / file.size);
    }
  }
  const xs = [...timesS];
  return { extents, notes, depth: [xs, depthMm], clearance: [xs, clearanceMm] };
}
