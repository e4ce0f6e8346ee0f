import type { Orientation } from '../../../domain/frame.js';
import type { PointPx } from '../../../domain/geometry.js';
import type { Spacing } from '../../../domain/spacing.js';
import type { EvaluationFrame } from '../evaluation-frame.js';
import { movedNeedle, type Perturbation, type PlainImage } from './perturbation.js';

/** Where each pixel of the new image comes from, in pixels of the old one. */
type Source = (xPx: number, yPx: number) => { readonly xPx: number; readonly yPx: number };

/** Samples an image bilinearly; what lies outside of it is black. */
function resample(
  image: PlainImage,
  widthPx: number,
  heightPx: number,
  source: Source,
): Uint8Array {
  const data = new Uint8Array(widthPx * heightPx);
  const level = (x: number, y: number): number =>
    x < 0 || y < 0 || x >= image.widthPx || y >= image.heightPx
      ? 0
      : (image.data[y * image.widthPx + x] ?? 0);
  for (let y = 0; y < heightPx; y++) {
    for (let x = 0; x < widthPx; x++) {
      const { xPx, yPx } = source(x, y);
      const left = Math.floor(xPx);
      const top = Math.floor(yPx);
      const fx = xPx - left;
      const fy = yPx - top;
      const upper = level(left, top) * (1 - fx) + (fx > 0 ? level(left + 1, top) * fx : 0);
      const lower =
        fy > 0 ? level(left, top + 1) * (1 - fx) + (fx > 0 ? level(left + 1, top + 1) * fx : 0) : 0;
      data[y * widthPx + x] = Math.round(upper * (1 - fy) + lower * fy);
    }
  }
  return data;
}

/** A new picture of the same scene: pixels, truth and spacing go together. Labels are left out. */
function remapped(
  { frame, needle, resting }: EvaluationFrame,
  view: {
    readonly widthPx: number;
    readonly heightPx: number;
    readonly source: Source;
    /** Takes points of the old image to the new one: the inverse of `source`. */
    readonly move: (point: PointPx) => PointPx;
    /** New pixels per old pixel. */
    readonly scale: number;
  },
): EvaluationFrame {
  const { widthPx, heightPx, source, move, scale } = view;
  const old = { widthPx: frame.widthPx, heightPx: frame.heightPx, data: frame.payload };
  const payload = resample(old, widthPx, heightPx, source);
  const spacing = frame.spacing && scaled(frame.spacing, scale);
  return {
    frame: { ...frame, widthPx, heightPx, strideBytes: widthPx, spacing, payload },
    needle: movedNeedle(needle, move, { widthPx, heightPx }),
    ...(resting && { resting: movedNeedle(resting, move, { widthPx, heightPx }) }),
    labels: null,
  };
}

function scaled({ xMm, yMm }: Spacing, scale: number): Spacing {
  return { xMm: xMm / scale, yMm: yMm / scale };
}

/** The same scene from the other side: a needle that came from the left comes from the right. */
export function mirrored(evaluationFrame: EvaluationFrame): EvaluationFrame {
  const { widthPx, heightPx } = evaluationFrame.frame;
  const across = ({ xPx, yPx }: PointPx): PointPx => ({ xPx: widthPx - 1 - xPx, yPx });
  return remapped(evaluationFrame, {
    widthPx,
    heightPx,
    source: (xPx, yPx) => across({ xPx, yPx }),
    move: across,
    scale: 1,
  });
}

/** The probe the other way round. With the orientation said, the engine turns it back. */
function flip(name: string, orientation: Orientation): Perturbation {
  return {
    name,
    apply: (frames) =>
      frames.map((evaluationFrame) => {
        const flipped = mirrored(evaluationFrame);
        return { ...flipped, frame: { ...flipped.frame, orientation } };
      }),
  };
}

/** Rows of 3 × 5 dots, most significant on the left: the digits 0 to 9. */
const DIGITS = [
  0o75557, 0o26227, 0o71747, 0o71717, 0o55711, 0o74717, 0o74757, 0o71111, 0o75757, 0o75717,
];

function writeDigits(
  image: PlainImage,
  xPx: number,
  yPx: number,
  sizePx: number,
  count: number,
  random: () => number,
): void {
  for (let place = 0; place < count; place++) {
    const digit = DIGITS[Math.floor(random() * 10)] ?? 0;
    for (let dot = 0; dot < 15; dot++) {
      if (((digit >> (14 - dot)) & 1) === 0) continue;
      const x0 = xPx + (4 * place + (dot % 3)) * sizePx;
      const y0 = yPx + Math.floor(dot / 3) * sizePx;
      for (let y = y0; y < Math.min(image.heightPx, y0 + sizePx); y++) {
        image.data.fill(210, y * image.widthPx + x0, y * image.widthPx + x0 + sizePx);
      }
    }
  }
}

/** A screen around the image: black bars, a gray bar on top, numbers, and a depth scale. */
const letterbox: Perturbation = {
  name: 'letterbox and text',
  apply(frames, random) {
    const scale = 0.75;
    const textSeed = random();
    return frames.map((evaluationFrame) => {
      const { frame } = evaluationFrame;
      const heightPx = frame.heightPx;
      const widthPx = Math.round(heightPx * 1.4);
      const dx = Math.round((widthPx - scale * frame.widthPx) / 2);
      const dy = Math.round(0.15 * heightPx);
      const screen = remapped(evaluationFrame, {
        widthPx,
        heightPx,
        source: (xPx, yPx) => ({ xPx: (xPx - dx) / scale, yPx: (yPx - dy) / scale }),
        move: ({ xPx, yPx }) => ({ xPx: xPx * scale + dx, yPx: yPx * scale + dy }),
        scale,
      });
      const image = { widthPx, heightPx, data: screen.frame.payload };
      drawScreen(image, Math.round(frame.widthPx * scale) + dx, dy, textSeed);
      const flags = { ...frame.flags, mayCarryText: true };
      return { ...screen, frame: { ...screen.frame, flags } };
    });
  },
};

function drawScreen(image: PlainImage, rightPx: number, topPx: number, textSeed: number): void {
  const { widthPx, heightPx, data } = image;
  const barPx = Math.round(0.07 * heightPx);
  data.fill(60, 0, barPx * widthPx);
  let state = textSeed;
  const random = (): number => {
    state = (state * 997.13 + 0.317) % 1;
    return state;
  };
  writeDigits(image, Math.round(0.03 * widthPx), Math.round(0.02 * heightPx), 2, 8, random);
  for (let line = 0; line < 6; line++) {
    const y = topPx + Math.round(line * 0.06 * heightPx);
    writeDigits(image, Math.round(0.02 * widthPx), y, 2, 3, random);
  }
  for (let y = topPx; y < heightPx - barPx; y += Math.round(heightPx / 12)) {
    data.fill(160, y * widthPx + rightPx + 4, y * widthPx + rightPx + 12);
  }
}

/** Side-to-side movement of the probe, up to 15 mm/s: the picture slides, new edges are black. */
const probeSlide: Perturbation = {
  name: 'probe slide 15 mm/s',
  apply(frames, random) {
    const amplitudeMm = 3;
    const radPerS = 5;
    const phase = 2 * Math.PI * random();
    const startUs = frames[0]?.frame.captureTimeUs ?? 0;
    return frames.map((evaluationFrame) => {
      const { widthPx, heightPx, captureTimeUs, spacing } = evaluationFrame.frame;
      const timeS = (captureTimeUs - startUs) / 1e6;
      const mm = amplitudeMm * (Math.sin(radPerS * timeS + phase) - Math.sin(phase));
      const shift = mm / (spacing?.xMm ?? 0.1);
      return remapped(evaluationFrame, {
        widthPx,
        heightPx,
        source: (xPx, yPx) => ({ xPx: xPx - shift, yPx }),
        move: ({ xPx, yPx }) => ({ xPx: xPx + shift, yPx }),
        scale: 1,
      });
    });
  },
};

/** In mid-clip the depth is turned down: the picture grows, and its spacing shrinks. */
const depthChange: Perturbation = {
  name: 'depth change in mid-clip',
  apply(frames) {
    const scale = 1.3;
    const middle = Math.floor(frames.length / 2);
    return frames.map((evaluationFrame, index) => {
      if (index < middle) return { ...evaluationFrame, labels: null };
      const { widthPx, heightPx, flags } = evaluationFrame.frame;
      const axis = (widthPx - 1) / 2;
      const zoomed = remapped(evaluationFrame, {
        widthPx,
        heightPx,
        source: (xPx, yPx) => ({ xPx: axis + (xPx - axis) / scale, yPx: yPx / scale }),
        move: ({ xPx, yPx }) => ({ xPx: axis + (xPx - axis) * scale, yPx: yPx * scale }),
        scale,
      });
      const geometryChanged = index === middle;
      return { ...zoomed, frame: { ...zoomed.frame, flags: { ...flags, geometryChanged } } };
    });
  },
};

/** What moves the pixels: the truth moves with them. */
export const GEOMETRY_PERTURBATIONS: readonly Perturbation[] = [
  flip('left-right flip', 'MF'),
  flip('left-right flip, said', 'UF'),
  letterbox,
  probeSlide,
  depthChange,
];
