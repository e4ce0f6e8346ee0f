import { existsSync } from 'node:fs';
import { extname, join } from 'node:path';
import type { Clip } from '../../domain/clip.js';
import { EcholineError } from '../../domain/errors.js';
import type { EvaluationFrame, EvaluationSequence, NeedleKnowledge } from './evaluation-frame.js';
import type { Palette } from './palette.js';
import { readMask } from './read-mask.js';

/** What is known of foreign images; null = nothing of that kind. */
export interface ForeignTruth {
  /** Folder with a mask of the same name (or the same name ending in .png) for each image. */
  readonly masks: { readonly directory: string; readonly palette: Palette } | null;
  /** By file name. An image that is not named counts for structures only. */
  readonly points: ReadonlyMap<string, NeedleKnowledge> | null;
}

/**
 * Somebody's images, with somebody's masks and points, as unrelated stills.
 *
 * @throws EcholineError ECHOLINE_CONFIG_USAGE, while its frames are read, when not one image has a
 *   point or a mask: then the names do not fit, and figures without truth would look like figures
 */
export function foreignSequence(clip: Clip, truth: ForeignTruth): EvaluationSequence {
  async function* frames(): AsyncGenerator<EvaluationFrame> {
    let [images, points, masks] = [0, 0, 0];
    let name = '';
    for await (const { frame, file } of clip.frames()) {
      name = file ?? '';
      const maskPath = truth.masks === null ? null : maskFor(truth.masks.directory, name);
      const labels =
        truth.masks === null || maskPath === null
          ? null
          : await readMask(maskPath, truth.masks.palette, frame);
      const needle = truth.points?.get(name) ?? { kind: 'unknown' };
      images += 1;
      if (labels !== null) masks += 1;
      if (needle.kind !== 'unknown') points += 1;
      yield { frame, needle, labels };
    }
    if (truth.points !== null && points === 0) throw unmatched('point', images, name);
    if (truth.masks !== null && masks === 0) throw unmatched('mask', images, name);
  }
  return { strata: [], block: null, isClip: false, isSimulated: false, frames };
}

function unmatched(what: 'point' | 'mask', images: number, name: string): EcholineError {
  return new EcholineError(
    'ECHOLINE_CONFIG_USAGE',
    `None of the ${images} images has a ${what}: expected one named as its image, e.g. ${name}.`,
  );
}

function maskFor(directory: string, imageName: string): string | null {
  const stem = imageName.slice(0, imageName.length - extname(imageName).length);
  const candidates = [imageName, `${stem}.png`, `${stem}_mask.png`];
  const found = candidates.map((name) => join(directory, name)).find((path) => existsSync(path));
  return found ?? null;
}
