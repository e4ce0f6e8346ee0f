import sharp from 'sharp';
import { afterEach, describe, expect, it } from 'vitest';
import { connectCart } from '../../src/cart/cart-client.js';
import { connectOverlays } from '../../src/cart/overlay-client.js';
import { FLOORS } from '../../src/cli/bench/peers/floors.js';
import { peersThat } from '../../src/cli/bench/peers/peers.js';
import type { Target, TargetKind, TargetOptions } from '../../src/cli/bench/target.js';
import { openPipeline } from '../../src/cli/open-pipeline.js';
import { SHIPPED_MODEL } from '../../src/cli/package-root.js';
import { frameOfSimulated } from '../../src/cli/simulated-frames.js';
import { assert } from '../../src/domain/assert.js';
import type { Frame } from '../../src/domain/frame.js';
import type { Overlay } from '../../src/domain/overlay.js';
import { createDemoClip } from '../../src/phantom/demo-clip.js';
import { until } from '../support/service.js';

/** How long a peer may take on a machine that does something else. */
const PATIENT_MS = 180_000;
const PEERS = peersThat(false);
const reasons = new Map<string, string | null>();
for (const peer of PEERS) reasons.set(peer.name, await peer.whyUnavailable());
for (const [name, reason] of reasons) {
  if (reason !== null)
    process.stderr.write(`SKIPPED: the peer ${name}, because it is ${reason}.\n`);
}
const OPTIONS: TargetOptions = {
  streams: 1,
  displays: 1,
  workers: 1,
  intraOpThreads: 1,
  modelDirectory: SHIPPED_MODEL,
  precision: 'int8',
  isPatient: true,
};
const NEVER = new AbortController().signal;
/** Of the image; two cells of the network at this size. */
const SIDE_PX = 256;
const NEAR_PX = 8;

async function asJpeg(frame: Frame): Promise<Frame> {
  const raw = { width: frame.widthPx, height: frame.heightPx, channels: 1 } as const;
  const payload = await sharp(frame.payload, { raw }).jpeg({ quality: 95 }).toBuffer();
  return { ...frame, format: 'jpeg', strideBytes: 0, payload };
}

let target: Target | null = null;
afterEach(async () => {
  await target?.close();
  target = null;
});

/** Sends frames one after the other and waits for what becomes of each. */
async function drive(peer: TargetKind, frames: readonly Frame[]) {
  target = await peer.start(OPTIONS, NEVER);
  const overlays: Overlay[] = [];
  const verdicts: string[] = [];
  const url = target.url;
  const display = await connectOverlays({
    url,
    streamId: 'smoke',
    onOverlay: (overlay) => overlays.push(overlay),
  });
  const cart = await connectCart({
    url,
    streamId: 'smoke',
    onVerdict: ({ verdict }) => verdicts.push(verdict),
  });
  for (const [index, frame] of frames.entries()) {
    expect(cart.trySend(frame)).toBe(true);
    await until(() => verdicts.length > index, `verdict ${index}`, PATIENT_MS);
  }
  await until(() => overlays.length >= verdicts.filter((one) => one === 'ok').length, 'overlays');
  await cart.close('done');
  await display.close();
  return { overlays, verdicts };
}

/** The class and the middle of the largest structure of each class. */
function places(overlay: Pick<Overlay, 'structures'>) {
  return new Map(
    overlay.structures.toReversed().map(({ class: name, contour }) => {
      const mean = (pick: 'xPx' | 'yPx') =>
        contour.reduce((sum, point) => sum + point[pick], 0) / contour.length;
      return [name, { xPx: mean('xPx'), yPx: mean('yPx') }] as const;
    }),
  );
}

describe.each(PEERS.map((peer) => [peer.name, peer] as const))('the peer %s', (name, peer) => {
  it.skipIf(reasons.get(name) !== null)(
    'sees in gray8 and JPEG frames what Echoline sees, with the same weights',
    async () => {
      const clip = createDemoClip({ widthPx: SIDE_PX, heightPx: SIDE_PX, seed: 7 });
      const gray = frameOfSimulated(clip, clip.nextFrame(), 1);
      const frames = [gray, { ...(await asJpeg(gray)), frameId: 2, captureTimeUs: 40_000 }];
      const { overlays, verdicts } = await drive(peer, frames);
      expect(verdicts).toEqual(['ok', 'ok']);
      const pipeline = await openPipeline(null, 'int8');
      const stream = pipeline.createStream({ stills: true });
      for (const [index, overlay] of overlays.entries()) {
        expect(overlay.frameId).toBe(frames[index]?.frameId);
        expect(overlay.model).toEqual(pipeline.model);
        const result = await pipeline.process(stream, gray, 0, gray.captureTimeUs);
        assert(result.kind === 'ok', 'the frame is valid');
        const [ours, theirs] = [places(result.findings), places(overlay)];
        const nerve = ours.get('nerve');
        expect(nerve).toBeDefined();
        expect(Math.abs((theirs.get('nerve')?.xPx ?? 0) - (nerve?.xPx ?? 0))).toBeLessThan(NEAR_PX);
        expect(Math.abs((theirs.get('nerve')?.yPx ?? 0) - (nerve?.yPx ?? 0))).toBeLessThan(NEAR_PX);
      }
      await pipeline.close();
    },
    PATIENT_MS,
  );
});

describe('a peer that does not come up', () => {
  it('says why in words and leaves nothing running', async () => {
    const node = PEERS.find(({ name }) => name === 'node');
    const start = node?.start({ ...OPTIONS, modelDirectory: '/no/such/model' }, NEVER);
    await expect(start).rejects.toMatchObject({ code: 'ECHOLINE_SESSION_UNREACHABLE' });
    await expect(start).rejects.toThrow(/The peer node does not come up.*no.such.model/s);
  });
});

// What they measure is tried by the smoke run of all suites, which asks for all of them.
describe('the floors', () => {
  it('say in words when they cannot be measured', async () => {
    const wrong = {
      pacedHz: null,
      runs: 1,
      intraOpThreads: 1,
      modelDirectory: '/no/such',
    } as const;
    const run = FLOORS.rawRun({ ...wrong, precision: 'int8' });
    await expect(run).rejects.toThrow(/raw-run.mjs could not measure its floor/);
  });
});
