import { type Dirent, existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What the masks of a set mean. */
export type MaskKind = 'nerve-and-vessel' | 'aponeurosis' | 'drawing' | 'none';

/** One licensed real photograph and where it belongs. */
export interface RealFrameFile {
  /** Folder of the data directory: names licence and attribution in REAL_FRAME_SETS. */
  readonly set: string;
  readonly imagePath: string;
  /** null where the set has no labels, or none for this frame. */
  readonly maskPath: string | null;
  readonly maskKind: MaskKind;
  /** Frames of one scan, of one subject, or neighbours in number share it. */
  readonly group: string;
  readonly isValidation: boolean;
  /** Whether there certainly is no nerve and no vessel worth a label outside the mask. */
  readonly isNerveFree: boolean;
}

/** How a set is read and split. Validation groups are fixed here, for good. */
interface RealFrameSet {
  readonly name: string;
  readonly licence: string;
  readonly attribution: string;
  readonly images: string;
  readonly masks: {
    readonly folder: string;
    readonly kind: MaskKind;
    readonly suffix: string;
  } | null;
  readonly isNerveFree: boolean;
  /** Group of a file, before near-duplicates are joined. */
  readonly groupOf: (file: string) => string;
  readonly isValidation: (group: string) => boolean;
}

/** The number in a file name, in blocks of neighbours: "sample_123.jpg" → "15" for blocks of 8. */
const block =
  (size: number) =>
  (file: string): string =>
    String(Math.floor(Number(/(\d+)\.\w+$/.exec(file)?.[1] ?? 0) / size));
const every =
  (step: number, remainder: number) =>
  (group: string): boolean =>
    Number(group) % step === remainder;
const stem = (file: string): string => file.replace(/\.\w+$/, '');

/** The licensed sets of `../shared/data`, with what the model card has to say about them. */
export const REAL_FRAME_SETS: readonly RealFrameSet[] = [
  {
    name: 'usgra-seg',
    licence: 'CC-BY-4.0',
    attribution: 'Timm Kandaouroff, github.com/tmkand/usgra-seg',
    images: 'images',
    masks: { folder: 'masks', kind: 'nerve-and-vessel', suffix: '.png' },
    isNerveFree: false,
    groupOf: block(5),
    isValidation: every(6, 3),
  },
  {
    name: 'femoral-target',
    licence: 'MIT',
    attribution: 'Shaowei Gao, doi 10.21037/atm.2019.08.61',
    images: 'images',
    masks: null,
    isNerveFree: false,
    groupOf: block(8),
    isValidation: every(6, 3),
  },
  {
    name: 'femoral-anatomy',
    licence: 'zlib',
    attribution: 'see SOURCE.txt in the data folder',
    images: '.',
    masks: { folder: '.', kind: 'drawing', suffix: '_map.png' },
    isNerveFree: false,
    groupOf: stem,
    isValidation: (group) => Number(group) >= 13,
  },
  {
    name: 'muscle-aponeurosis',
    licence: 'Apache-2.0',
    attribution: 'Neil Cronin and others, github.com/njcronin/DL_Track',
    images: 'images',
    masks: { folder: 'masks', kind: 'aponeurosis', suffix: '.png' },
    isNerveFree: true,
    groupOf: block(24),
    isValidation: every(6, 3),
  },
  {
    name: 'timtrack/dataset1',
    licence: 'CC0-1.0',
    attribution: 'Tim van der Zee',
    images: '.',
    masks: null,
    isNerveFree: true,
    groupOf: (file) => /^S\d+/.exec(file)?.[0] ?? file,
    isValidation: (group) => group === 'S3' || group === 'S10',
  },
  {
    name: 'timtrack/dataset2',
    licence: 'CC0-1.0',
    attribution: 'Tim van der Zee',
    images: '.',
    masks: null,
    isNerveFree: true,
    groupOf: () => 'one-subject',
    isValidation: () => false,
  },
  {
    name: 'timtrack/dataset3',
    licence: 'CC-BY-4.0',
    attribution: 'Drazan, Hullfish and Baxter, PeerJ 7120',
    images: '.',
    masks: null,
    isNerveFree: true,
    groupOf: () => 'p6',
    isValidation: () => false,
  },
  {
    name: 'timtrack/dataset4',
    licence: 'CC-BY-4.0',
    attribution: 'Seynnes and Cronin, PLOS ONE 0229034',
    images: '.',
    masks: null,
    isNerveFree: true,
    groupOf: (file) => /^Sample[AB]/.exec(file)?.[0] ?? file,
    isValidation: (group) => group === 'SampleB',
  },
  {
    name: 'lung',
    licence: 'CC-BY-4.0',
    attribution: 'per file in ATTRIBUTION.tsv of the data folder',
    images: '.',
    masks: null,
    isNerveFree: true,
    groupOf: stem,
    isValidation: (group) => group.includes('Fig14') || group.includes('emdocs'),
  },
  {
    name: 'quality-phantom',
    licence: 'Apache-2.0',
    attribution: 'Kitware, github.com/KitwareMedicalPublications/2023-Eval-POCUS-ONSD',
    images: '.',
    masks: null,
    isNerveFree: true,
    groupOf: stem,
    isValidation: (group) => group.startsWith('anechoic-4.5') || group === 'grey-right',
  },
  {
    // Sequence files only: `real-videos.ts` reads them.
    name: 'clips/plus',
    licence: 'BSD-3-Clause',
    attribution: 'PlusToolkit, github.com/PlusToolkit/PlusLibData',
    images: '.',
    masks: null,
    isNerveFree: false,
    groupOf: stem,
    isValidation: () => false,
  },
];

/** Lists the frames of every set below `dataDirectory`; sets that are not there are skipped. */
export function listRealFrames(dataDirectory: string): readonly RealFrameFile[] {
  return REAL_FRAME_SETS.flatMap((set) => listSet(join(dataDirectory, set.name), set));
}

function listSet(directory: string, set: RealFrameSet): RealFrameFile[] {
  if (!existsSync(directory)) return [];
  const folder = join(directory, set.images);
  const files = readdirSync(folder, { withFileTypes: true })
    .filter((entry: Dirent) => entry.isFile() && /\.(png|jpe?g)$/.test(entry.name))
    .map((entry) => entry.name)
    .filter((name) => !name.includes('_map.'))
    .sort();
  const joined = joinNearDuplicates(join(directory, 'NEAR-DUPLICATE-GROUPS.tsv'), files, set);
  return files.map((file) => {
    const members = joined.get(set.groupOf(file)) ?? [set.groupOf(file)];
    const mask = set.masks && join(directory, set.masks.folder, stem(file) + set.masks.suffix);
    return {
      set: set.name,
      imagePath: join(folder, file),
      maskPath: mask !== null && existsSync(mask) ? mask : null,
      maskKind: set.masks?.kind ?? 'none',
      group: `${set.name}/${[...members].sort()[0]}`,
      // A joined group is held out only as a whole: when every part of it was to be held out.
      isValidation: members.every((group) => set.isValidation(group)),
      isNerveFree: set.isNerveFree,
    };
  });
}

/** Blocks that share a near-duplicate pair become one group: block → all blocks joined with it. */
function joinNearDuplicates(
  tsvPath: string,
  files: readonly string[],
  set: RealFrameSet,
): Map<string, readonly string[]> {
  const joined = new Map<string, string[]>();
  for (const file of files) joined.set(set.groupOf(file), [set.groupOf(file)]);
  if (!existsSync(tsvPath)) return joined;
  const clusters = new Map<string, string>();
  for (const line of readFileSync(tsvPath, 'utf8').split('\n')) {
    const [cluster, path] = line.split('\t');
    if (line.startsWith('#') || cluster === undefined || path === undefined) continue;
    const group = set.groupOf(path.slice(path.lastIndexOf('/') + 1));
    const other = clusters.get(cluster);
    clusters.set(cluster, other ?? group);
    if (other !== undefined) merge(joined, other, group);
  }
  return joined;
}

function merge(joined: Map<string, string[]>, a: string, b: string): void {
  const first = joined.get(a) ?? [a];
  const second = joined.get(b) ?? [b];
  if (first === second) return;
  const all = [...new Set([...first, ...second])];
  for (const group of all) joined.set(group, all);
}
