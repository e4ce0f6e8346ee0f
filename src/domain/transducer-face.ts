import type { ProbeGeometry, SectorShape } from './frame.js';
import type { PointPx, RectPx } from './geometry.js';
import { type Spacing, toMm } from './spacing.js';

/**
 * What a depth is measured from, in the pixels of the image as sent.
 *
 * `arc`: the curved face, where the cart said its apex and radius. `face`: a linear probe's face,
 * the near edge of the echo data. `image-edge`: the same edge where it need not be the face (a
 * curved probe without a shape, an unknown probe): beside the middle the depth comes out too large.
 */
export type TransducerFace =
  | { readonly kind: 'arc'; readonly apex: PointPx; readonly radiusPx: number }
  | { readonly kind: 'face' | 'image-edge'; readonly yPx: number; readonly isDownDeeper: boolean };

/** What a frame says about its transducer, with where its echo data is. */
export interface FaceSource {
  readonly geometry: ProbeGeometry;
  readonly sector: SectorShape | null;
  readonly region: RectPx;
  readonly isDownDeeper: boolean;
}

/** Finds the face. The near edge of the data is half a pixel before its first row's centre. */
export function transducerFace(source: FaceSource): TransducerFace {
  const { geometry, sector, region, isDownDeeper } = source;
  if (sector !== null && geometry !== 'linear') {
    const apex = { xPx: sector.apexXPx, yPx: sector.apexYPx };
    return { kind: 'arc', apex, radiusPx: sector.radiusMinPx };
  }
  const yPx = isDownDeeper ? region.yPx - 0.5 : region.yPx + region.heightPx - 0.5;
  return { kind: geometry === 'linear' ? 'face' : 'image-edge', yPx, isDownDeeper };
}

/** Depth of a point below the face, mm; < 0 before it. A radius is measured along the image's y. */
export function depthMm(point: PointPx, face: TransducerFace, spacing: Spacing): number {
  if (face.kind === 'arc') {
    const at = toMm(point, spacing);
    const apex = toMm(face.apex, spacing);
    return Math.hypot(at.xMm - apex.xMm, at.yMm - apex.yMm) - face.radiusPx * spacing.yMm;
  }
  const below = (point.yPx - face.yPx) * spacing.yMm;
  return face.isDownDeeper ? below : -below;
}
