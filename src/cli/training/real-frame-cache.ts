import type { Random } from '../../phantom/random.js';
import { type RealFrame, readRealFrame } from './real-frame.js';
import { listRealFrames, type RealFrameFile } from './real-frame-sets.js';
import {
  listRealVideos,
  type RealVideo,
  type RealVideoFile,
  readRealVideo,
} from './real-videos.js';
import { LABEL_NEITHER, LABEL_UNKNOWN } from './shard-record.js';

/** How often a set is drawn, relative to the others: by what it teaches, not by its size. */
const SET_WEIGHT: Readonly<Record<string, number>> = {
  'usgra-seg': 6,
  'femoral-target': 4,
  'femoral-anatomy': 0.5,
  'muscle-aponeurosis': 2.5,
  'timtrack/dataset1': 1.5,
  'timtrack/dataset2': 0.7,
  'timtrack/dataset3': 0.7,
  'timtrack/dataset4': 0.7,
  lung: 0.5,
  'quality-phantom': 0.3,
};

/**
 * The real frames of a data directory, decoded when first drawn and kept (about 300 MB for all).
 */
export class RealFrameCache {
  readonly #bySet = new Map<string, RealFrameFile[]>();
  readonly #decoded = new Map<string, RealFrame>();
  readonly #weight: number;
  readonly #videos: readonly RealVideoFile[];
  readonly #decodedVideos = new Map<string, RealVideo>();

  constructor(dataDirectory: string) {
    for (const file of listRealFrames(dataDirectory)) {
      const files = this.#bySet.get(file.set) ?? [];
      files.push(file);
      this.#bySet.set(file.set, files);
    }
    this.#videos = listRealVideos(dataDirectory);
    this.#weight = [...this.#bySet.keys()].reduce((sum, set) => sum + weightOf(set), 0);
  }

  /** Number of frames. */
  get size(): number {
    return [...this.#bySet.values()].reduce((sum, files) => sum + files.length, 0);
  }

  /** A frame: the set by its weight, then any frame of it. There must be one. */
  async draw(random: Random): Promise<RealFrame> {
    let position = random.uniform() * this.#weight;
    let chosen: RealFrameFile[] = [];
    for (const [set, files] of this.#bySet) {
      chosen = files;
      position -= weightOf(set);
      if (position < 0) break;
    }
    const file = random.pick(chosen);
    const known = this.#decoded.get(file.imagePath);
    if (known !== undefined) return known;
    const frame = await readRealFrame(file);
    this.#decoded.set(file.imagePath, frame);
    return frame;
  }

  /** Any video; null where there is none. */
  async drawVideo(random: Random): Promise<RealVideo | null> {
    if (this.#videos.length === 0) return null;
    const file = random.pick(this.#videos);
    const known = this.#decodedVideos.get(file.path);
    if (known !== undefined) return known;
    const video = await readRealVideo(file);
    this.#decodedVideos.set(file.path, video);
    return video;
  }

  /** A frame of any video as a still; null where there is none. */
  async drawVideoFrame(random: Random): Promise<RealFrame | null> {
    const video = await this.drawVideo(random);
    if (video === null) return null;
    const { path, set, group, isValidation, isNerveFree } = video.file;
    const image = random.pick(video.frames);
    const { widthPx, heightPx } = image;
    const label = isNerveFree ? LABEL_NEITHER : LABEL_UNKNOWN;
    return {
      file: {
        set,
        imagePath: path,
        maskPath: null,
        maskKind: 'none',
        group,
        isValidation,
        isNerveFree,
      },
      image,
      labels: { widthPx, heightPx, data: new Uint8Array(widthPx * heightPx).fill(label) },
    };
  }
}

function weightOf(set: string): number {
  return SET_WEIGHT[set] ?? 1;
}
