import type { DataSet } from 'dicom-parser';
import type { ImagingMode, Pane, ProbeGeometry } from '../domain/frame.js';
import type { RectPx } from '../domain/geometry.js';
import type { Spacing } from '../domain/spacing.js';
import { codeOf, doubleOf, headerError, TAG, uint16Of, uint32Of } from './dicom-elements.js';

/** What the ultrasound regions of a file say (DICOM PS3.3 C.8.5.5). */
export interface DicomRegions {
  /** The one 2D tissue region, with its spacing; null where none is told. */
  readonly tissue: Pane | null;
  /** `colour` with a colour flow region, `m` where there is M-mode only; else null. */
  readonly imagingMode: ImagingMode | null;
  readonly probeGeometry: ProbeGeometry;
}

const SPATIAL_2D = 1;
const SPATIAL_M_MODE = 2;
const DATA_TISSUE = 1;
const DATA_COLOUR_FLOW = 2;
/** Units of a physical delta; the others are seconds, degrees, cm/s and the like. */
const UNITS_CM = 3;
const MM_PER_CM = 10;

const PROBES: Readonly<Record<string, ProbeGeometry>> = {
  LINEAR: 'linear',
  'CURVED LINEAR': 'curvilinear',
  SECTOR_PHASED: 'phased',
};

/**
 * Reads SequenceOfUltrasoundRegions. Millimetres come from the 2D tissue region only, and only when
 * both its units are cm; everything else means unknown spacing.
 *
 * @throws EcholineError ECHOLINE_CLIP_HEADER when there are several tissue regions (which of them
 *   is meant cannot be known), or when one is not within the image
 */
export function readDicomRegions(
  name: string,
  dataSet: DataSet,
  size: { readonly widthPx: number; readonly heightPx: number },
): DicomRegions {
  const items = dataSet.elements[TAG.regions]?.items ?? [];
  const regions = items.flatMap((item) => (item.dataSet === undefined ? [] : [item.dataSet]));
  const isKind = (region: DataSet, format: number, type: number | null) =>
    uint16Of(region, TAG.regionSpatialFormat) === format &&
    (type === null || uint16Of(region, TAG.regionDataType) === type);
  const tissues = regions
    .filter((region) => isKind(region, SPATIAL_2D, DATA_TISSUE))
    .map((region) => ({ region, rect: rectOf(name, region, size) }));
  const [first] = tissues;
  const others = tissues.filter(({ rect }) => first !== undefined && !isSame(rect, first.rect));
  if (first !== undefined && others.length > 0) {
    const all = [first, ...others].map(({ rect }) => describe(rect)).join(' and ');
    throw headerError(
      name,
      'SequenceOfUltrasoundRegions (0018,6011)',
      'one 2D tissue region',
      `${others.length + 1}: ${all}; which one is meant cannot be told, so export each pane as a ` +
        'clip of its own',
    );
  }
  const hasFlow = regions.some((region) => isKind(region, SPATIAL_2D, DATA_COLOUR_FLOW));
  const isMotion =
    first === undefined && regions.some((region) => isKind(region, SPATIAL_M_MODE, null));
  const probe = regions.map((region) => PROBES[codeOf(region, TAG.transducerType) ?? '']);
  return {
    tissue: first === undefined ? null : { rect: first.rect, spacing: spacingOf(first.region) },
    imagingMode: hasFlow ? 'colour' : isMotion ? 'm' : null,
    probeGeometry: probe.find((geometry) => geometry !== undefined) ?? 'unknown',
  };
}

/** Corners are inclusive; some scanners write the size for the last pixel. */
function rectOf(
  name: string,
  region: DataSet,
  { widthPx, heightPx }: { readonly widthPx: number; readonly heightPx: number },
): RectPx {
  const xPx = uint32Of(region, TAG.regionX0) ?? -1;
  const yPx = uint32Of(region, TAG.regionY0) ?? -1;
  const x1 = uint32Of(region, TAG.regionX1) ?? -1;
  const y1 = uint32Of(region, TAG.regionY1) ?? -1;
  const isInside =
    xPx >= 0 && yPx >= 0 && xPx <= x1 && yPx <= y1 && x1 <= widthPx && y1 <= heightPx;
  if (!isInside || xPx >= widthPx || yPx >= heightPx) {
    throw headerError(
      name,
      'the location of the 2D tissue region (0018,6018 to 0018,601E)',
      `corners within ${widthPx} × ${heightPx} px`,
      `(${xPx}, ${yPx}) to (${x1}, ${y1})`,
    );
  }
  return {
    xPx,
    yPx,
    widthPx: Math.min(x1, widthPx - 1) - xPx + 1,
    heightPx: Math.min(y1, heightPx - 1) - yPx + 1,
  };
}

/** A delta may be negative where an axis runs the other way; spacing has no sign. */
function spacingOf(region: DataSet): Spacing | null {
  const isCm = [TAG.regionUnitsX, TAG.regionUnitsY].every(
    (tag) => uint16Of(region, tag) === UNITS_CM,
  );
  const xMm = Math.abs(doubleOf(region, TAG.regionDeltaX) ?? 0) * MM_PER_CM;
  const yMm = Math.abs(doubleOf(region, TAG.regionDeltaY) ?? 0) * MM_PER_CM;
  const isUsable = isCm && xMm > 0 && yMm > 0 && Number.isFinite(xMm) && Number.isFinite(yMm);
  return isUsable ? { xMm, yMm } : null;
}

function isSame(a: RectPx, b: RectPx): boolean {
  return describe(a) === describe(b);
}

function describe({ xPx, yPx, widthPx, heightPx }: RectPx): string {
  return `${widthPx} × ${heightPx} px at (${xPx}, ${yPx})`;
}
