import { type ReadableBlob, readExtent } from './blob-lines.js';
import type { RecordedLabels } from './recorded-line.js';

/**
 * Inflates a label map: one byte a pixel, row-major, an index into its classes.
 *
 * @throws Error (rejects) when the file does not hold what the line says; never inflates more
 */
export async function readLabelMap(
  file: ReadableBlob,
  { widthPx, heightPx, data }: RecordedLabels,
): Promise<Uint8Array> {
  const packed = new Blob([await readExtent(file, data)]);
  const inflating = packed.stream().pipeThrough(new DecompressionStream('deflate'));
  const map = new Uint8Array(widthPx * heightPx);
  const reader = inflating.getReader();
  let filled = 0;
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    if (filled + part.value.length > map.length) {
      await reader.cancel();
      throw new Error('The label map is larger than its line says.');
    }
    map.set(part.value, filled);
    filled += part.value.length;
  }
  if (filled < map.length) throw new Error('The label map is smaller than its line says.');
  return map;
}
