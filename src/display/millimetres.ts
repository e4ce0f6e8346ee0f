/**
 * A distance for reading at arm's length: whole millimetres, halves below 5. What is claimed is
 * never better than what was measured: `toward` rounds an uncertainty up and a lower bound down.
 */
export function formatMm(valueMm: number, toward: 'nearest' | 'up' | 'down'): string {
  const step = Math.abs(valueMm) < 5 ? 0.5 : 1;
  const round = toward === 'up' ? Math.ceil : toward === 'down' ? Math.floor : Math.round;
  // The tiny shift keeps 2.0000001 from single-precision spacing from being called 2.5.
  const shift = toward === 'up' ? -1e-6 : toward === 'down' ? 1e-6 : 0;
  const rounded = round(valueMm / step + shift) * step;
  return `${Object.is(rounded, -0) ? 0 : rounded} mm`;
}
