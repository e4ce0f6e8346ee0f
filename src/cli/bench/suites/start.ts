import { connectCart } from '../../../cart/cart-client.js';
import { connectOverlays } from '../../../cart/overlay-client.js';
import type { Frame } from '../../../domain/frame.js';
import { median } from '../../../domain/median.js';
import type { Overlay } from '../../../domain/overlay.js';
import { readClockUs } from '../../../engine/read-clock.js';
import { prepareClip } from '../load-clip.js';
import { PLAIN_PLAN } from '../load-plan.js';
import { createMeaningHash, type MeaningHash } from '../meaning.js';
import { OWN_SERVICE, PLAIN_TARGET } from '../own-service.js';
import { type Suite, SuiteRecord } from './suite.js';

/** How often the service is started. */
export const STARTS = { smoke: 1, quick: 3, full: 5 } as const;

/** From starting the process to the first overlay at a display that connects as soon as it can. */
export const start: Suite = async (context) => {
  const record = new SuiteRecord(context);
  const clip = { ...PLAIN_PLAN.clip, widthPx: 256, heightPx: 256, images: 1 } as const;
  const [frame] = await prepareClip(clip, null);
  const times: number[] = [];
  for (let turn = 0; turn < STARTS[context.mode]; turn++) {
    context.say(`echoline: start ${turn + 1}`);
    const fromUs = readClockUs();
    const isPatient = context.mode === 'smoke';
    const target = await OWN_SERVICE.start({ ...PLAIN_TARGET, isPatient }, context.stop);
    try {
      const meaning = createMeaningHash();
      times.push((await firstOverlayUs(target.url, frame, meaning)) - fromUs);
      record.meaning(meaning.read());
    } finally {
      await target.close();
    }
  }
  record.figure('start to first overlay', median(times) / 1e6, 's');
  return record.findings();
};

/** When the overlay of a first frame came, on a service that has just started. */
function firstOverlayUs(
  url: string,
  frame: Frame | undefined,
  meaning: MeaningHash,
): Promise<number> {
  const stream = { url, streamId: 'start' };
  return new Promise((resolve, reject) => {
    const onOverlay = (first: Overlay, receivedUs: number) => {
      meaning.add(first);
      resolve(receivedUs);
    };
    connectOverlays({ ...stream, onOverlay })
      .then(() => connectCart({ ...stream, onVerdict: () => undefined }))
      .then((cart) => frame && cart.offer({ ...frame, captureTimeUs: readClockUs() }))
      .catch(reject);
  });
}
