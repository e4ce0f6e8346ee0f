// What the network says → tip, shaft and contours in image pixels.

import { traceOutline } from './outline.mjs';

const DO_NOT_ENTER = ['nerve', 'artery', 'vein', 'vessel'];
const STRUCTURES_MAX = 24;
/** Height of an image whose spacing is unknown, mm: for thresholds only. */
const GATE_MM = 40;

const sigmoid = (logit) => 1 / (1 + Math.exp(-logit));
const clamp = (value, low, high) => Math.max(low, Math.min(high, value));

function gridOf({ input, stridePx }) {
  return { width: input.shape[3] / stridePx, height: input.shape[2] / stridePx };
}

function toImage(x, y, { stridePx }, { scale, left, top }) {
  return {
    xPx: ((x + 0.5) * stridePx - left) / scale - 0.5,
    yPx: ((y + 0.5) * stridePx - top) / scale - 0.5,
  };
}

/** The hottest cell as the tip, and a line through the cells of the shaft. */
export function findNeedle({ tip, shaft, frame }, manifest, placement, spacing) {
  const { thresholds, calibration, stridePx } = manifest;
  const { width, height } = gridOf(manifest);
  const cells = width * height;
  const present = sigmoid(frame[0] / calibration.needlePresentTemperature);
  const none = {
    state: 'absent',
    tip: null,
    tipReason: 'no-needle',
    confidence: present,
    radius90Px: null,
    radius90Mm: null,
    shaft: null,
    angleDeg: null,
    approach: 'unknown',
  };
  if (present < thresholds.needlePresent) return none;
  let best = 0;
  for (let cell = 1; cell < cells; cell++) if (tip[cell] > tip[best]) best = cell;
  const channel = (index) => tip[index * cells + best];
  const x = (best % width) + clamp(channel(1), -2, 2);
  const y = Math.floor(best / width) + clamp(channel(2), -2, 2);
  const point = toImage(x, y, manifest, placement);
  const line = shaftLine(shaft, manifest, placement, point);
  const score = Math.sqrt(sigmoid(channel(0)) * present);
  const [xMm, yMm] = millimetres(placement, spacing);
  const angleDeg =
    line &&
    (180 / Math.PI) *
      Math.atan2(
        Math.abs(line.to.yPx - line.from.yPx) * yMm,
        Math.abs(line.to.xPx - line.from.xPx) * xMm,
      );
  const seen = { ...none, shaft: line, angleDeg, approach: 'in-plane' };
  if (line === null) return none;
  if (sigmoid(channel(0)) < thresholds.tipHeat || score < thresholds.tipScore) {
    return { ...seen, state: 'shaft-only', tipReason: 'tip-not-visible' };
  }
  if (sigmoid(frame[1]) < thresholds.tipInPlane) {
    return { ...none, state: 'out-of-plane', tipReason: 'out-of-plane', approach: 'out-of-plane' };
  }
  const sigma = Math.exp((clamp(channel(3), -4, 3) + clamp(channel(4), -4, 3)) / 2);
  const radius90Px = (calibration.radius90PerSigma * sigma * stridePx) / placement.scale;
  const radius90Mm = spacing === null ? null : radius90Px * Math.sqrt(xMm * yMm);
  const found = { tip: point, tipReason: null, confidence: score, radius90Px, radius90Mm };
  return { ...seen, ...found, state: 'tip-visible' };
}

function millimetres({ heightPx }, spacing) {
  return spacing === null ? [GATE_MM / heightPx, GATE_MM / heightPx] : [spacing.xMm, spacing.yMm];
}

/** Total least squares through the shaft's cells, from the far end to the end at the tip. */
function shaftLine(shaft, manifest, placement, tip) {
  const { width, height } = gridOf(manifest);
  const { shaft: share } = manifest.thresholds;
  const least = Math.log(share / (1 - share));
  const points = [];
  for (let cell = 0; cell < width * height; cell++) {
    if (shaft[cell] >= least) points.push([cell % width, Math.floor(cell / width)]);
  }
  if (points.length < 4) return null;
  const mean = (pick) => points.reduce((sum, point) => sum + pick(point), 0) / points.length;
  const [mx, my] = [mean(([x]) => x), mean(([, y]) => y)];
  const xx = mean(([x]) => (x - mx) ** 2);
  const yy = mean(([, y]) => (y - my) ** 2);
  const xy = mean(([x, y]) => (x - mx) * (y - my));
  const angle = 0.5 * Math.atan2(2 * xy, xx - yy);
  const [dx, dy] = [Math.cos(angle), Math.sin(angle)];
  const along = points.map(([x, y]) => (x - mx) * dx + (y - my) * dy);
  const ends = [Math.min(...along), Math.max(...along)].map((at) =>
    toImage(mx + at * dx, my + at * dy, manifest, placement),
  );
  const far = ({ xPx, yPx }) => Math.hypot(xPx - tip.xPx, yPx - tip.yPx);
  const [from, to] = far(ends[0]) >= far(ends[1]) ? ends : [ends[1], ends[0]];
  return { from, to };
}

/** Regions of equal class with their outlines; artery and vein are one class at first. */
export function findStructures(logits, manifest, placement, spacing) {
  const { classes, thresholds, stridePx } = manifest;
  const grid = gridOf(manifest);
  const { labels, confidence, arteryShare } = classify(logits, manifest, grid, placement);
  const [xMm, yMm] = millimetres(placement, spacing);
  const cellMm2 = (stridePx / placement.scale) ** 2 * xMm * yMm;
  const found = [];
  for (const region of regionsOf(labels, grid)) {
    const mean = (values) => region.reduce((sum, cell) => sum + values[cell], 0) / region.length;
    const areaMm2 = region.length * cellMm2;
    const sure = mean(confidence);
    if (sure < thresholds.structure || areaMm2 < thresholds.structureAreaMm2) continue;
    const outline = traceOutline(region, grid.width, grid.height);
    if (outline.length < 3) continue;
    let name = classes[labels[region[0]]];
    if (name === 'artery') name = vesselName(mean(arteryShare), thresholds.arteryVein);
    found.push({
      class: name,
      rule: DO_NOT_ENTER.includes(name) ? 'do-not-enter' : 'none',
      keepOffMm: null,
      confidence: Math.min(1, sure),
      contour: outline.map(([x, y]) => clip(toImage(x, y, manifest, placement), placement)),
      areaMm2: spacing === null ? null : areaMm2,
      cells: region.length,
    });
  }
  found.sort((a, b) => b.cells - a.cells);
  return found
    .slice(0, STRUCTURES_MAX)
    .map(({ cells: _, ...structure }, index) => ({ id: index + 1, ...structure }));
}

function vesselName(arteryShare, sure) {
  if (arteryShare >= sure) return 'artery';
  return 1 - arteryShare >= sure ? 'vein' : 'vessel';
}

function clip({ xPx, yPx }, { widthPx, heightPx }) {
  return { xPx: clamp(xPx, 0, widthPx - 1), yPx: clamp(yPx, 0, heightPx - 1) };
}

function classify(logits, { classes, stridePx }, { width, height }, placement) {
  const cells = width * height;
  const [artery, vein] = [classes.indexOf('artery'), classes.indexOf('vein')];
  const labels = new Uint8Array(cells);
  const confidence = new Float32Array(cells);
  const arteryShare = new Float32Array(cells);
  const shares = new Float64Array(classes.length);
  for (let cell = 0; cell < cells; cell++) {
    let largest = Number.NEGATIVE_INFINITY;
    for (let label = 0; label < classes.length; label++) {
      largest = Math.max(largest, logits[label * cells + cell]);
    }
    let sum = 0;
    for (let label = 0; label < classes.length; label++) {
      shares[label] = Math.exp(logits[label * cells + cell] - largest);
      sum += shares[label];
    }
    if (artery >= 0 && vein >= 0) {
      arteryShare[cell] = shares[artery] / (shares[artery] + shares[vein]);
      shares[artery] += shares[vein];
      shares[vein] = 0;
    }
    let best = 0;
    for (let label = 1; label < shares.length; label++)
      if (shares[label] > shares[best]) best = label;
    const x = ((cell % width) + 0.5) * stridePx - placement.left;
    const y = (Math.floor(cell / width) + 0.5) * stridePx - placement.top;
    const isInside = x > 0 && y > 0 && x < placement.placedWidth && y < placement.placedHeight;
    labels[cell] = isInside ? best : 0;
    confidence[cell] = shares[best] / sum;
  }
  return { labels, confidence, arteryShare };
}

/** Cells of each connected region (8 neighbours) of a class other than the background. */
function regionsOf(labels, { width, height }) {
  const isSeen = new Uint8Array(labels.length);
  const regions = [];
  for (let start = 0; start < labels.length; start++) {
    if (labels[start] === 0 || isSeen[start] === 1) continue;
    const region = [start];
    isSeen[start] = 1;
    for (let at = 0; at < region.length; at++) {
      const [x, y] = [region[at] % width, Math.floor(region[at] / width)];
      for (let ny = Math.max(0, y - 1); ny <= Math.min(height - 1, y + 1); ny++) {
        for (let nx = Math.max(0, x - 1); nx <= Math.min(width - 1, x + 1); nx++) {
          const next = ny * width + nx;
          if (isSeen[next] === 1 || labels[next] !== labels[start]) continue;
          isSeen[next] = 1;
          region.push(next);
        }
      }
    }
    regions.push(region);
  }
  return regions;
}
