import {
  type FrameExtensions,
  IMAGING_MODES,
  type Pane,
  type SectorShape,
} from '../domain/frame.js';
import { createFieldWriter } from './field-writer.js';
import { EXTENSION_TYPES, PANE_BYTES, TLV_BYTES } from './frame-extensions.js';
import { writeSpacing } from './spacing-field.js';

const CODE = 'ECHOLINE_FRAME_EXTENSION';
const utf8 = new TextEncoder();

/**
 * The TLVs of `extensions`, in the order of their types; `start` is their offset in the message
 * (for errors only). What a value means is checked by `readExtensions` when the message is
 * complete.
 *
 * @throws EcholineError ECHOLINE_FRAME_EXTENSION for what does not fit its field
 */
export function writeExtensions(extensions: FrameExtensions, start: number): Uint8Array {
  const { probePose, depthMm, gainDb, imagingMode, panes, sourceLatency, sector, deviceText } =
    extensions;
  const parts: Uint8Array[] = [];
  let offset = start;
  function add(type: number, value: Uint8Array): void {
    const part = new Uint8Array(TLV_BYTES + value.byteLength);
    const view = new DataView(part.buffer);
    const write = createFieldWriter(view, CODE, offset);
    write.u16(0, 'extensions.type', type);
    write.u16(2, 'extensions.length', value.byteLength);
    part.set(value, TLV_BYTES);
    parts.push(part);
    offset += part.byteLength;
  }
  if (probePose !== null) add(EXTENSION_TYPES.probePose, f32s(probePose));
  if (depthMm !== null) add(EXTENSION_TYPES.depthMm, f32s([depthMm]));
  if (gainDb !== null) add(EXTENSION_TYPES.gainDb, f32s([gainDb]));
  if (imagingMode !== null) {
    // An unknown name becomes 255, which the reader refuses.
    add(EXTENSION_TYPES.imagingMode, Uint8Array.of(IMAGING_MODES.indexOf(imagingMode)));
  }
  if (panes.length > 0) add(EXTENSION_TYPES.panes, panesValue(panes, offset + TLV_BYTES));
  if (sourceLatency !== null) {
    const value = f32s([sourceLatency.latencyMs, sourceLatency.uncertaintyMs]);
    add(EXTENSION_TYPES.sourceLatency, value);
  }
  if (sector !== null) add(EXTENSION_TYPES.sector, f32s(sectorValues(sector)));
  if (deviceText !== null) add(EXTENSION_TYPES.deviceText, utf8.encode(deviceText));

  const bytes = new Uint8Array(offset - start);
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.byteLength;
  }
  return bytes;
}

function f32s(values: readonly number[]): Uint8Array {
  const bytes = new Uint8Array(values.length * 4);
  const view = new DataView(bytes.buffer);
  values.forEach((value, index) => {
    view.setFloat32(index * 4, value, true);
  });
  return bytes;
}

function panesValue(panes: readonly Pane[], offset: number): Uint8Array {
  const bytes = new Uint8Array(panes.length * PANE_BYTES);
  const view = new DataView(bytes.buffer);
  const write = createFieldWriter(view, CODE, offset);
  panes.forEach(({ rect, spacing }, index) => {
    const at = index * PANE_BYTES;
    const field = `extensions.panes.${index}`;
    write.u16(at, `${field}.rect.xPx`, rect.xPx);
    write.u16(at + 2, `${field}.rect.yPx`, rect.yPx);
    write.u16(at + 4, `${field}.rect.widthPx`, rect.widthPx);
    write.u16(at + 6, `${field}.rect.heightPx`, rect.heightPx);
    writeSpacing(view, at + 8, `${field}.spacing`, spacing, offset);
  });
  return bytes;
}

function sectorValues(sector: SectorShape): number[] {
  return [
    sector.apexXPx,
    sector.apexYPx,
    sector.radiusMinPx,
    sector.radiusMaxPx,
    sector.angleMinDeg,
    sector.angleMaxDeg,
  ];
}
