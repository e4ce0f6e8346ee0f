/** What the files of a folder may import. */
export interface ImportRule {
  /** Folder (or file) below `src`; the longest one that fits counts. */
  readonly of: string;
  /** Folders or files below `src`. Its own folder is always allowed; `*` is everything. */
  readonly from: readonly string[];
  /** Packages, and `node:` for Node's own modules. */
  readonly packages: readonly string[];
  /** Folders that `*` does not cover. */
  readonly never?: readonly string[];
}

const KERNEL_INTERFACE = 'kernels/kernels.ts';
/** What the interface's functions take besides pixels; part of the interface. */
const KERNEL_STATES = ['kernels/resize-plan.ts', 'kernels/shift-pyramid.ts'];
const STAGE = ['domain', KERNEL_INTERFACE, 'pipeline/stage.ts', 'pipeline/frame-context.ts'];

/** Section 4 of the architecture page, folder by folder. */
export const IMPORT_TABLE: readonly ImportRule[] = [
  { of: 'domain', from: [], packages: [] },
  { of: 'protocol', from: ['domain'], packages: ['typebox'] },
  { of: 'kernels', from: ['domain'], packages: [] },
  { of: 'kernels/native-addon.ts', from: ['domain'], packages: ['node:', 'node-gyp-build'] },
  { of: 'pipeline/decode', from: STAGE, packages: ['sharp'] },
  { of: 'pipeline/preprocess', from: [...STAGE, ...KERNEL_STATES], packages: [] },
  { of: 'pipeline/infer', from: STAGE, packages: ['onnxruntime-node', 'node:'] },
  // tfjs-node and the wasm backend are imported by a name that is no literal: they are optional.
  {
    of: 'pipeline/infer/tfjs',
    from: [...STAGE, 'pipeline/infer'],
    packages: ['@tensorflow/tfjs-core'],
  },
  { of: 'pipeline/postprocess', from: STAGE, packages: [] },
  { of: 'pipeline/track', from: STAGE, packages: [] },
  { of: 'pipeline/guide', from: STAGE, packages: [] },
  { of: 'pipeline/spread', from: STAGE, packages: [] },
  { of: 'pipeline', from: ['domain', KERNEL_INTERFACE], packages: [] },
  { of: 'engine', from: ['pipeline', 'kernels', 'domain'], packages: ['node:'] },
  { of: 'clips', from: ['domain'], packages: ['dicom-parser', 'sharp', 'typebox', 'node:'] },
  { of: 'phantom', from: ['domain'], packages: [] },
  { of: 'session', from: ['domain', 'protocol', 'engine'], packages: ['node:'] },
  { of: 'ingest', from: ['session', 'protocol', 'domain'], packages: ['ws', 'node:'] },
  { of: 'publish', from: ['session', 'protocol', 'domain'], packages: ['ws', 'node:'] },
  {
    of: 'publish/relay-encoder.ts',
    from: ['session', 'protocol', 'domain'],
    packages: ['sharp', 'node:'],
  },
  { of: 'publish/raw-image.ts', from: ['domain'], packages: ['sharp'] },
  { of: 'cart', from: ['protocol', 'domain'], packages: ['ws', 'node:'] },
  { of: 'config', from: ['domain'], packages: ['typebox', 'node:'] },
  {
    of: 'telemetry',
    from: ['domain'],
    packages: ['pino', 'prom-client', 'hdr-histogram-js', 'node:'],
  },
  {
    of: 'server',
    from: [
      'session',
      'ingest',
      'publish',
      'config',
      'telemetry',
      'engine',
      'kernels',
      'protocol',
      'domain',
    ],
    packages: ['fastify', '@fastify/type-provider-typebox', 'typebox', 'ws', 'pino', 'node:'],
  },
  { of: 'cli', from: ['*'], never: ['display'], packages: ['sharp', 'onnxruntime-node', 'node:'] },
  {
    of: 'cli/bench',
    from: ['*'],
    never: ['display'],
    // `playwright-core` and `uplot` are optional there: loaded when asked for, named when missing.
    packages: [
      'hdr-histogram-js',
      'onnxruntime-node',
      'playwright-core',
      'sharp',
      'uplot',
      'ws',
      'node:',
    ],
  },
  { of: 'display', from: ['domain', 'protocol'], packages: [] },
  { of: 'display/page', from: ['domain', 'protocol', 'display'], packages: ['uplot'] },
  { of: 'index.ts', from: ['*'], never: ['display', 'cli'], packages: [] },
];
