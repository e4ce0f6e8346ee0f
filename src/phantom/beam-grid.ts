/**
 * A grid of samples along ultrasound beams. `column` counts beams from the image's left, `row`
 * counts samples away from the transducer; cell `row * columns + column`.
 *
 * Positions in millimetres are Cartesian in the probe's frame: x to the right with 0 under the
 * middle of the probe, z deeper with 0 at the (lowest point of the) transducer face. A linear grid
 * is an ordinary Cartesian image, so code that works on a `BeamGrid` also works on one.
 */
export interface BeamGrid {
  readonly geometry: 'linear' | 'curvilinear';
  readonly columns: number;
  readonly rows: number;
  /** From beam to beam: mm (linear) or rad (curvilinear). */
  readonly pitch: number;
  /** Position of column 0: mm (linear) or rad from straight down (curvilinear). */
  readonly firstColumn: number;
  /** From sample to sample along a beam, mm. */
  readonly rowMm: number;
  /** Depth along the beam of row 0, mm. */
  readonly firstRowMm: number;
  /** Radius of the transducer face, mm; 0 for linear. */
  readonly radiusMm: number;
  /** Position of every cell, mm. */
  readonly xMm: Float32Array;
  readonly zMm: Float32Array;
  /** Direction of every beam (unit vector), one value a column. */
  readonly beamX: Float32Array;
  readonly beamZ: Float32Array;
}

export interface BeamGridShape {
  readonly geometry: 'linear' | 'curvilinear';
  readonly columns: number;
  readonly rows: number;
  readonly pitch: number;
  readonly firstColumn: number;
  readonly rowMm: number;
  readonly firstRowMm: number;
  readonly radiusMm: number;
}

/** Computes the positions of a grid once. */
export function createBeamGrid(shape: BeamGridShape): BeamGrid {
  const { columns, rows } = shape;
  const xMm = new Float32Array(columns * rows);
  const zMm = new Float32Array(columns * rows);
  const beamX = new Float32Array(columns);
  const beamZ = new Float32Array(columns);
  const isLinear = shape.geometry === 'linear';
  for (let column = 0; column < columns; column++) {
    const lateral = shape.firstColumn + column * shape.pitch;
    beamX[column] = isLinear ? 0 : Math.sin(lateral);
    beamZ[column] = isLinear ? 1 : Math.cos(lateral);
  }
  for (let row = 0; row < rows; row++) {
    const depth = shape.firstRowMm + row * shape.rowMm;
    for (let column = 0; column < columns; column++) {
      const cell = row * columns + column;
      const reach = depth + shape.radiusMm;
      xMm[cell] = isLinear
        ? shape.firstColumn + column * shape.pitch
        : reach * (beamX[column] as number);
      zMm[cell] = isLinear ? depth : reach * (beamZ[column] as number) - shape.radiusMm;
    }
  }
  return { ...shape, xMm, zMm, beamX, beamZ };
}

/** A plain Cartesian image as a grid: vertical beams, pixel (0, 0) at (`leftMm`, `topMm`). */
export function createCartesianGrid(
  widthPx: number,
  heightPx: number,
  spacing: { readonly xMm: number; readonly yMm: number },
  origin: { readonly leftMm: number; readonly topMm: number },
): BeamGrid {
  return createBeamGrid({
    geometry: 'linear',
    columns: widthPx,
    rows: heightPx,
    pitch: spacing.xMm,
    firstColumn: origin.leftMm,
    rowMm: spacing.yMm,
    firstRowMm: origin.topMm,
    radiusMm: 0,
  });
}

/** Fractional column of a position in mm. */
export function columnAt(grid: BeamGrid, xMm: number, zMm: number): number {
  const lateral = grid.geometry === 'linear' ? xMm : Math.atan2(xMm, zMm + grid.radiusMm);
  return (lateral - grid.firstColumn) / grid.pitch;
}

/** Fractional row of a position in mm. */
export function rowAt(grid: BeamGrid, xMm: number, zMm: number): number {
  return (depthAlongBeamMm(grid, xMm, zMm) - grid.firstRowMm) / grid.rowMm;
}

/** Distance from the transducer face along the beam, mm. */
export function depthAlongBeamMm(grid: BeamGrid, xMm: number, zMm: number): number {
  if (grid.geometry === 'linear') return zMm;
  return Math.hypot(xMm, zMm + grid.radiusMm) - grid.radiusMm;
}

/** Distance between neighbouring beams at a row, mm. */
export function columnMmAt(grid: BeamGrid, row: number): number {
  if (grid.geometry === 'linear') return grid.pitch;
  return grid.pitch * Math.max(1, grid.radiusMm + grid.firstRowMm + row * grid.rowMm);
}
