import sharp from 'sharp';
import { type Perturbation, type PlainImage, pixelPerturbation } from './perturbation.js';

/** Dynamic range that an ordinary picture is taken to have: 255 gray levels show it, dB. */
const DYNAMIC_RANGE_DB = 60;

/** What is black stays black: outside the echo data no knob of a scanner changes anything. */
function byLevel(name: string, levelOf: (level: number) => number): Perturbation {
  const table = Uint8ClampedArray.from({ length: 256 }, (_, level) =>
    level === 0 ? 0 : Math.round(levelOf(level)),
  );
  return pixelPerturbation(name, ({ data }) => data.map((level) => table[level] ?? 0));
}

function gain(db: number): Perturbation {
  const name = `gain ${db > 0 ? '+' : '-'}${Math.abs(db)} dB`;
  return byLevel(name, (level) => level + (255 * db) / DYNAMIC_RANGE_DB);
}

function dynamicRange(db: number): Perturbation {
  return byLevel(`dynamic range ${db} dB`, (level) => {
    return 255 + ((level - 255) * DYNAMIC_RANGE_DB) / db;
  });
}

function grayMap(name: string, gamma: number): Perturbation {
  return byLevel(`gray map ${name}`, (level) => 255 * (level / 255) ** gamma);
}

/** Gain that rises by `db` from the top to the bottom, and is right in the middle. */
function tgcTilt(db: number): Perturbation {
  return pixelPerturbation(`TGC tilt ${db > 0 ? '+' : '-'}${Math.abs(db)} dB`, (image) => {
    const { widthPx, heightPx, data } = image;
    const changed = new Uint8ClampedArray(data.length);
    for (let y = 0; y < heightPx; y++) {
      const add = ((y / (heightPx - 1) - 0.5) * 255 * db) / DYNAMIC_RANGE_DB;
      for (let i = y * widthPx; i < (y + 1) * widthPx; i++) {
        const level = data[i] ?? 0;
        changed[i] = level === 0 ? 0 : level + add;
      }
    }
    return new Uint8Array(changed.buffer);
  });
}

/** Gaussian weights out to three standard deviations. */
function kernel(sigmaPx: number): readonly number[] {
  const reach = Math.ceil(3 * sigmaPx);
  const raw = Array.from({ length: 2 * reach + 1 }, (_, k) =>
    Math.exp(-((k - reach) ** 2) / (2 * sigmaPx * sigmaPx)),
  );
  const sum = raw.reduce((total, weight) => total + weight, 0);
  return raw.map((weight) => weight / sum);
}

/** Convolves along one axis; the picture's edge is repeated. */
function smooth(image: PlainImage, along: 'x' | 'y', weights: readonly number[]): Float32Array {
  const { widthPx, heightPx, data } = image;
  const smoothed = new Float32Array(data.length);
  const reach = (weights.length - 1) / 2;
  const last = (along === 'x' ? widthPx : heightPx) - 1;
  const step = along === 'x' ? 1 : widthPx;
  for (let y = 0; y < heightPx; y++) {
    for (let x = 0; x < widthPx; x++) {
      const at = along === 'x' ? x : y;
      const start = y * widthPx + x - at * step;
      let sum = 0;
      for (let k = -reach; k <= reach; k++) {
        const place = Math.min(last, Math.max(0, at + k));
        sum += (weights[k + reach] ?? 0) * (data[start + place * step] ?? 0);
      }
      smoothed[y * widthPx + x] = sum;
    }
  }
  return smoothed;
}

function clamped(values: Float32Array): Uint8Array {
  return new Uint8Array(Uint8ClampedArray.from(values).buffer);
}

/** A point spread that is wider across the beam than along it, as it is off the focus. */
const blur = pixelPerturbation('PSF blur', (image) => {
  const across = { ...image, data: clamped(smooth(image, 'x', kernel(1.6))) };
  return clamped(smooth(across, 'y', kernel(0.8)));
});

/** Edge enhancement, as scanners offer it. */
const sharpen = pixelPerturbation('PSF sharpen', (image) => {
  const across = { ...image, data: clamped(smooth(image, 'x', kernel(1.2))) };
  const soft = smooth(across, 'y', kernel(1.2));
  return clamped(soft.map((low, i) => (image.data[i] ?? 0) + 1.2 * ((image.data[i] ?? 0) - low)));
});

/** The frames as JPEG files of a quality. */
function jpeg(quality: number): Perturbation {
  return {
    name: `JPEG q${quality}`,
    apply: (frames) =>
      Promise.all(
        frames.map(async (evaluationFrame) => {
          const { frame } = evaluationFrame;
          const raw = { width: frame.widthPx, height: frame.heightPx, channels: 1 } as const;
          const payload = await sharp(frame.payload, { raw }).jpeg({ quality }).toBuffer();
          return {
            ...evaluationFrame,
            frame: { ...frame, format: 'jpeg' as const, strideBytes: 0, payload },
          };
        }),
      ),
  };
}

/** What knobs, filters and codecs do to the pixels. */
export const GRAY_PERTURBATIONS: readonly Perturbation[] = [
  gain(12),
  gain(-12),
  tgcTilt(12),
  tgcTilt(-12),
  dynamicRange(40),
  dynamicRange(80),
  grayMap('darker', 1.6),
  grayMap('lighter', 0.6),
  blur,
  sharpen,
  jpeg(30),
  jpeg(80),
];
