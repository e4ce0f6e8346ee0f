import { appendFileSync, readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openClip } from '../../src/clips/open-clip.js';
import { recordInto } from '../../src/clips/recorder.js';
import { writeClip } from '../../src/clips/write-clip.js';
import type { Clip } from '../../src/domain/clip.js';
import type { GroundTruth } from '../../src/domain/ground-truth.js';
import { framesOf, grayFrame, refusalOf, scratchFolder } from './clip-fixtures.js';

const OWN_TIMES = { fps: null };
const NOW = new Date('2026-11-24T09:30:00.000Z');

const TRUTH: GroundTruth = {
  needle: {
    tip: { xPx: 1.5, yPx: 0.5 },
    tipVisible: true,
    approach: 'in-plane',
    shaft: { from: { xPx: 0, yPx: 0 }, to: { xPx: 1.5, yPx: 0.5 } },
    shaftVisibility: [1, 0.5],
  },
  labels: {
    widthPx: 4,
    heightPx: 2,
    classes: ['background', 'nerve'],
    data: Uint8Array.of(0, 1, 1, 0, 0, 0, 1, 0),
  },
  spacing: { xMm: 0.1, yMm: 0.2 },
  injectateAreaMm2: 0,
  probeShiftPx: { xPx: 0, yPx: 0.25 },
  contact: 1,
  imageQuality: 0.9,
};

function clipOf(truths: readonly (GroundTruth | null)[]): Clip {
  return {
    name: 'test',
    frameCount: truths.length,
    widthPx: 4,
    heightPx: 2,
    isSimulated: true,
    async *frames() {
      for (const [i, truth] of truths.entries()) {
        const frame = grayFrame(i, i * 1000, new Uint8Array(8).fill(i));
        yield { frame, truth, file: null };
      }
    },
  };
}

async function writtenClip(truths: readonly (GroundTruth | null)[]): Promise<string> {
  const folder = join(scratchFolder(), 'clip');
  await writeClip(folder, clipOf(truths), () => undefined);
  return folder;
}

describe('a clip folder', () => {
  it('gives back what was written, with its truth', async () => {
    const resting = { ...TRUTH, ...(TRUTH.needle && { restingNeedle: TRUTH.needle }) };
    const original = clipOf([resting, null, { ...TRUTH, needle: null }]);
    const folder = join(scratchFolder(), 'deep', 'clip');
    const counts: number[] = [];
    expect(await writeClip(folder, original, (count) => counts.push(count))).toBe(3);
    expect(counts).toEqual([1, 2, 3]);
    const clip = await openClip(folder, OWN_TIMES);
    expect(clip).toMatchObject({ name: 'test', frameCount: 3, isSimulated: true, widthPx: 4 });
    const plain = (value: unknown) => JSON.parse(JSON.stringify(value, bytesAsArray));
    expect(plain(await framesOf(clip))).toEqual(plain(await framesOf(original)));
    expect(await framesOf(clip)).toEqual(await framesOf(clip));
  });

  it('takes another frame rate', async () => {
    const clip = await openClip(await writtenClip([null, null]), { fps: 10 });
    const times = (await framesOf(clip)).map(({ frame }) => frame.captureTimeUs);
    expect(times).toEqual([0, 100_000]);
  });

  it('can be read after a crash, up to the last complete frame', async () => {
    const folder = await writtenClip([TRUTH, TRUTH, TRUTH]);
    appendFileSync(join(folder, 'frames.jsonl'), '{"payload":{"offs');
    expect(await framesOf(await openClip(folder, OWN_TIMES))).toHaveLength(3);
    truncateSync(join(folder, 'frames.bin'), 23);
    expect(await framesOf(await openClip(folder, OWN_TIMES))).toHaveLength(2);
    truncateSync(join(folder, 'frames.bin'), 3);
    expect((await refusalOf(openClip(folder, OWN_TIMES))).code).toBe('ECHOLINE_CLIP_EMPTY');
  });

  it('is refused with the file and line that are wrong (ECHOLINE_CLIP_DATA)', async () => {
    const folder = await writtenClip([TRUTH, TRUTH]);
    const index = join(folder, 'frames.jsonl');
    const good = readFileSync(index, 'utf8');
    for (const bad of [
      good.replace('"widthPx":4', '"widthPx":0'),
      good.replace('"format":"gray8"', '"format":"gray9"'),
      good.replace('"xMm":0.1', '"xMm":-0.1'),
      `not json\n${good}`,
      good.replace('"offsetBytes":0', '"offsetBytes":9999'),
    ]) {
      writeFileSync(index, bad);
      const refused = await refusalOf(openClip(folder, OWN_TIMES));
      expect(refused.code).toBe('ECHOLINE_CLIP_DATA');
      expect(refused.message).toContain('frames.jsonl line 1');
    }
    writeFileSync(index, good.replace('"lengthBytes":8', '"lengthBytes":99999999'));
    writeFileSync(join(folder, 'clip.json'), '{"format":"other"}');
    expect((await refusalOf(openClip(folder, OWN_TIMES))).message).toContain('clip.json');
  });

  it('does not inflate a label map beyond its size, nor read an endless payload', async () => {
    const folder = await writtenClip([TRUTH]);
    const truth = join(folder, 'truth.jsonl');
    writeFileSync(truth, readFileSync(truth, 'utf8').replace('"widthPx":4', '"widthPx":2'));
    const clip = await openClip(folder, OWN_TIMES);
    expect((await refusalOf(framesOf(clip))).message).toContain('labels.bin');
    const index = join(folder, 'frames.jsonl');
    const lying = readFileSync(index, 'utf8').replace('"lengthBytes":8', '"lengthBytes":99999999');
    writeFileSync(index, lying);
    truncateSync(join(folder, 'frames.bin'), 99_999_999);
    const large = await openClip(folder, OWN_TIMES);
    expect((await refusalOf(framesOf(large))).code).toBe('ECHOLINE_CLIP_LIMIT');
  });

  it('is not overwritten', async () => {
    const folder = await writtenClip([null]);
    const again = writeClip(folder, clipOf([null]), () => undefined);
    expect((await refusalOf(again)).code).toBe('ECHOLINE_CLIP_DATA');
  });
});

describe('the recorder', () => {
  it('writes frames, overlays, verdicts and events of one stream into a folder of its own', async () => {
    const directory = join(scratchFolder(), 'recordings');
    const problems: string[] = [];
    const open = recordInto(directory, { now: () => NOW, onProblem: (p) => problems.push(p) });
    const sink = open('../theatre 1', true);
    const second = open('../theatre 1', false);
    sink.frame(grayFrame(7, 100, new Uint8Array(8)), 123);
    sink.verdict({ epoch: 0, frameId: 7, verdict: 'ok' });
    sink.event({ kind: 'cold-start', atUs: 5, details: { reason: 'gap' } });
    await sink.close();
    await sink.close();
    await second.close();
    sink.frame(grayFrame(8, 200, new Uint8Array(8)), 124);
    const base = '___theatre_1-20261124T093000Z';
    expect(readdirSync(directory).sort()).toEqual([base, `${base}-2`]);
    const folder = join(directory, base);
    const frames = await framesOf(await openClip(folder, OWN_TIMES));
    expect(frames.map(({ frame }) => frame.frameId)).toEqual([7]);
    expect(readFileSync(join(folder, 'frames.jsonl'), 'utf8')).toContain('"receivedAtUs":123');
    expect(readFileSync(join(folder, 'verdicts.jsonl'), 'utf8')).toBe(
      '{"epoch":0,"frameId":7,"verdict":"ok"}\n',
    );
    expect(readFileSync(join(folder, 'events.jsonl'), 'utf8')).toContain('cold-start');
    expect(problems).toEqual([]);
  });

  it('leaves frames out when the disk is slow, and says how many', async () => {
    const directory = scratchFolder();
    const problems: string[] = [];
    const sink = recordInto(directory, {
      now: () => NOW,
      onProblem: (problem) => problems.push(problem),
      pendingBytesMax: 1000,
    })('s', false);
    for (let i = 0; i < 4; i++) sink.frame(grayFrame(i, i, new Uint8Array(600)), 50 + i);
    await sink.close();
    const folder = join(directory, 's-20261124T093000Z');
    expect(await framesOf(await openClip(folder, OWN_TIMES))).toHaveLength(1);
    expect(readFileSync(join(folder, 'events.jsonl'), 'utf8')).toBe(
      '{"kind":"frames-left-out","atUs":51,"details":{"frames":3}}\n',
    );
    expect(problems).toHaveLength(1);
  });

  it('never stops the stream when nothing can be written', async () => {
    const file = join(scratchFolder(), 'a-file');
    writeFileSync(file, '');
    const problems: string[] = [];
    const open = recordInto(file, { now: () => NOW, onProblem: (p) => problems.push(p) });
    const sink = open('s', false);
    sink.frame(grayFrame(0, 0, new Uint8Array(8)), 0);
    await sink.close();
    expect(problems).toHaveLength(1);
  });
});

function bytesAsArray(_key: string, value: unknown): unknown {
  if (value instanceof Uint8Array) return [...value];
  if (typeof value === 'object' && value !== null && 'type' in value && value.type === 'Buffer') {
    return 'data' in value ? value.data : value;
  }
  return value;
}
