import { CELLS_MAX } from './spread-grid.js';

/**
 * What one stream's spread is computed in: made at its first injection and kept, so that the frames
 * of an injection allocate no picture and no grid. Grids use the first side × side cells.
 */
export interface SpreadRoom {
  readonly widthPx: number;
  readonly heightPx: number;
  /** The picture from before the injection, and its local means. */
  readonly background: Uint8ClampedArray<ArrayBuffer>;
  readonly before: Float32Array;
  /** Least and largest of those means in the neighbourhood of each pixel. */
  readonly low: Float32Array;
  readonly high: Float32Array;
  /** Local means of the present picture. */
  readonly means: Float32Array;
  /** What means are made in. */
  readonly rowSums: Int32Array;
  readonly marks: Uint8Array;
  readonly dark: Uint8Array;
  readonly bright: Uint8Array;
  readonly region: Uint8Array;
  readonly inside: Uint8Array;
  /** For the gaps of a region. */
  readonly across: Uint8Array;
  readonly spanned: Uint8Array;
  /** Cells that a flood has yet to go on from. */
  readonly stack: Int32Array;
}

/** Room for pictures of that size: the one that is there where it fits, else a new one. */
export function roomFor(
  room: SpreadRoom | null,
  { widthPx, heightPx }: Pick<SpreadRoom, 'widthPx' | 'heightPx'>,
): SpreadRoom {
  if (room !== null && room.widthPx === widthPx && room.heightPx === heightPx) return room;
  const pixels = widthPx * heightPx;
  const grid = () => new Uint8Array(CELLS_MAX);
  return {
    widthPx,
    heightPx,
    background: new Uint8ClampedArray(pixels),
    before: new Float32Array(pixels),
    low: new Float32Array(pixels),
    high: new Float32Array(pixels),
    means: new Float32Array(pixels),
    rowSums: new Int32Array(pixels),
    marks: grid(),
    dark: grid(),
    bright: grid(),
    region: grid(),
    inside: grid(),
    across: grid(),
    spanned: grid(),
    stack: new Int32Array(CELLS_MAX),
  };
}
