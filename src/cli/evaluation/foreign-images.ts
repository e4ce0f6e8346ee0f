import { existsSync } from 'node:fs';
import { extname, join } from 'node:path';
import type { Clip } from '../../domain/clip.js';
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

/** Somebody's images, with somebody's masks and points, as unrelated stills. */
export function foreignSequence(clip: Clip, truth: ForeignTruth): EvaluationSequence {
  async function* frames(): AsyncGenerator<EvaluationFrame> {
    for await (const { frame, file } of clip.frames()) {
      const name = file ?? '';
      const maskPath = truth.masks === null ? null : maskFor(truth.masks.directory, name);
      const labels =
        truth.masks === null || maskPath === null
          ? null
          : await readMask(maskPath, truth.masks.palette, frame);
      yield { frame, needle: truth.points?.get(name) ?? { kind: 'unknown' }, labels };
    }
  }
  return { strata: [], block: null, isClip: false, isSimulated: false, frames };
}

function maskFor(directory: string, imageName: string): string | null {
  const stem = imageName.slice(0, imageName.length - extname(imageName).length);
  const candidates = [imageName, `${stem}.png`, `${stem}_mask.png`];
  const found = candidates.map((name) => join(directory, name)).find((path) => existsSync(path));
  return found ?? null;
}
