import type { EcholineError } from '../domain/errors.js';
import type { Spacing } from '../domain/spacing.js';
import { fieldError } from './field-error.js';

/** Reads two f32: both NaN mean unknown (null), else both must be finite and > 0. */
export function readSpacing(view: DataView, offsetBytes: number, field: string): Spacing | null {
  const xMm = view.getFloat32(offsetBytes, true);
  const yMm = view.getFloat32(offsetBytes + 4, true);
  if (Number.isNaN(xMm) && Number.isNaN(yMm)) return null;
  if (!isPositive(xMm)) throw fault(`${field}.xMm`, offsetBytes, xMm);
  if (!isPositive(yMm)) throw fault(`${field}.yMm`, offsetBytes + 4, yMm);
  return { xMm, yMm };
}

/** Writes two f32; null is NaN twice. A `Spacing` that holds NaN is refused: unknown is null. */
export function writeSpacing(
  view: DataView,
  offsetBytes: number,
  field: string,
  spacing: Spacing | null,
  messageOffset = 0,
): void {
  if (spacing !== null) {
    const at = messageOffset + offsetBytes;
    if (Number.isNaN(spacing.xMm)) throw fault(`${field}.xMm`, at, spacing.xMm);
    if (Number.isNaN(spacing.yMm)) throw fault(`${field}.yMm`, at + 4, spacing.yMm);
  }
  view.setFloat32(offsetBytes, spacing?.xMm ?? Number.NaN, true);
  view.setFloat32(offsetBytes + 4, spacing?.yMm ?? Number.NaN, true);
}

function isPositive(value: number): boolean {
  return Number.isFinite(value) && value > 0;
}

function fault(field: string, offsetBytes: number, received: number): EcholineError {
  return fieldError('ECHOLINE_FRAME_SPACING', {
    field,
    offsetBytes,
    expected: 'finite mm per pixel > 0, or NaN on both axes for unknown',
    received,
  });
}
