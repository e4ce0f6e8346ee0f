import { createHash } from 'node:crypto';
import type { PointPx } from '../../domain/geometry.js';
import type { FrameFindings } from '../../domain/overlay.js';

/**
 * Collects what results mean (needle state, tip, structures with their contours), so that equal
 * hashes say that the same was computed and nobody gets faster by computing something else.
 * Coordinates count to a tenth of a pixel; times, identities and confidences do not count.
 */
export interface MeaningHash {
  add(findings: Pick<FrameFindings, 'needle' | 'structures'>): void;
  /** Hex; the hash may go on being fed. */
  read(): string;
}

/** An empty one. The order of what is added counts. */
export function createMeaningHash(): MeaningHash {
  const hash = createHash('sha256');
  return {
    add({ needle, structures }) {
      hash.update(`${needle.state} ${needle.tip === null ? '-' : point(needle.tip)}\n`);
      for (const structure of structures) {
        hash.update(`${structure.class} ${structure.contour.map(point).join(' ')}\n`);
      }
    },
    read: () => hash.copy().digest('hex'),
  };
}

/** One hash of several, e.g. of all suites of a run. */
export function meaningOfAll(meanings: readonly string[]): string {
  return createHash('sha256').update(meanings.join('\n')).digest('hex');
}

function point({ xPx, yPx }: PointPx): string {
  return `${tenths(xPx)},${tenths(yPx)}`;
}

/** Rounded to hundredths first, as the wire does with outlines: both ends of it mean the same. */
function tenths(px: number): string {
  return (Math.round(px * 100) / 100).toFixed(1);
}
