// Image → the network's three channels, in plain JavaScript.

const NEUTRAL = 128;

/** What the difference channels of one stream compare a frame with; empty at first. */
export function createHistory() {
  return { size: '', timeUs: null, ageMs: 0, previous: null, background: null };
}

/**
 * Scales the image as a whole into the middle of the tensor (mean over the pixels of each target
 * pixel), and writes what changed since the frame before and against the mean of the last second.
 *
 * @returns where the image lies in the tensor
 */
export function preprocess(image, history, timeUs, tensor, shape) {
  const [, , height, width] = shape;
  const scale = Math.min(width / image.widthPx, height / image.heightPx);
  const placement = {
    scale,
    left: Math.floor((width - Math.round(image.widthPx * scale)) / 2),
    top: Math.floor((height - Math.round(image.heightPx * scale)) / 2),
    placedWidth: Math.round(image.widthPx * scale),
    placedHeight: Math.round(image.heightPx * scale),
    widthPx: image.widthPx,
    heightPx: image.heightPx,
  };
  const plane = width * height;
  const intensity = tensor.subarray(0, plane).fill(0);
  scaleInto(image, placement, intensity, width);
  writeDifferences(intensity, history, timeUs, tensor, `${image.widthPx} × ${image.heightPx}`);
  return placement;
}

function scaleInto({ data, strideBytes, widthPx, heightPx }, placement, intensity, width) {
  const { left, top, placedWidth, placedHeight } = placement;
  for (let y = 0; y < placedHeight; y++) {
    const y0 = Math.floor((y * heightPx) / placedHeight);
    const y1 = Math.max(y0 + 1, Math.floor(((y + 1) * heightPx) / placedHeight));
    for (let x = 0; x < placedWidth; x++) {
      const x0 = Math.floor((x * widthPx) / placedWidth);
      const x1 = Math.max(x0 + 1, Math.floor(((x + 1) * widthPx) / placedWidth));
      let sum = 0;
      for (let row = y0; row < y1; row++) {
        for (let at = row * strideBytes + x0; at < row * strideBytes + x1; at++) sum += data[at];
      }
      intensity[(top + y) * width + left + x] = Math.round(sum / ((y1 - y0) * (x1 - x0)));
    }
  }
}

function writeDifferences(intensity, history, timeUs, tensor, size) {
  const plane = intensity.length;
  const elapsedMs = history.timeUs === null ? -1 : (timeUs - history.timeUs) / 1000;
  history.timeUs = timeUs;
  if (elapsedMs <= 0 || elapsedMs > 500 || history.size !== size) {
    history.size = size;
    history.ageMs = 0;
    history.previous = intensity.slice();
    history.background = Float32Array.from(intensity);
    tensor.fill(NEUTRAL, plane);
    return;
  }
  const { previous, background } = history;
  const gain = Math.min(2, Math.max(0.25, 1000 / 30 / elapsedMs));
  const weight = Math.max(
    1 - Math.exp(-elapsedMs / 1000),
    elapsedMs / (history.ageMs + 2 * elapsedMs),
  );
  for (let i = 0; i < plane; i++) {
    const short = NEUTRAL + gain * (intensity[i] - previous[i]);
    tensor[plane + i] = Math.max(0, Math.min(255, Math.round(short)));
    const gap = intensity[i] - background[i];
    tensor[2 * plane + i] = Math.max(0, Math.min(255, Math.round(NEUTRAL + gap)));
    background[i] += weight * gap;
  }
  previous.set(intensity);
  history.ageMs += elapsedMs;
}
