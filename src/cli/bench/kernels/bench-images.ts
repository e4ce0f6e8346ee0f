import type { GrayImage } from '../../../domain/frame.js';

/** A seeded generator of numbers in [0, 1). */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 4294967296;
  };
}

/** Smooth speckle with flat borders, as a screen has. */
export function speckleImage(widthPx: number, heightPx: number, seed: number): GrayImage {
  const random = seededRandom(seed);
  const data = new Uint8Array(widthPx * heightPx);
  let last = 90;
  for (let i = 0; i < data.length; i++) {
    const x = i % widthPx;
    last = 0.7 * last + 0.3 * (-Math.log(1 - random()) * 90);
    data[i] = x < widthPx / 10 || x > 0.9 * widthPx ? 16 : Math.min(255, last);
  }
  return { widthPx, heightPx, strideBytes: widthPx, data };
}

/** A heat map with a few blobs, and its label map. */
export function blobGrids(side: number): {
  readonly field: Float32Array;
  readonly labels: Uint8Array;
} {
  const random = seededRandom(9);
  const blobs = Array.from({ length: 9 }, () => ({
    x: side * random(),
    y: side * random(),
    radius: 3 + 6 * random(),
  }));
  const field = new Float32Array(side * side);
  for (let cell = 0; cell < field.length; cell++) {
    const x = cell % side;
    const y = Math.floor(cell / side);
    const nearest = blobs.map((blob) => blob.radius - Math.hypot(x - blob.x, y - blob.y));
    field[cell] = Math.max(...nearest) + 0.1 * random();
  }
  return { field, labels: Uint8Array.from(field, (value) => (value > 0 ? 1 : 0)) };
}
