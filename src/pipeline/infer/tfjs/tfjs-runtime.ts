import { EcholineError } from '../../../domain/errors.js';
import type { TfjsRuntimeName } from '../../../domain/second-opinion.js';
import { messageOf } from '../model-contract.js';

/** TensorFlow.js as far as it is used here; `tfjs-node` has the same operators. */
export type Tfjs = typeof import('@tensorflow/tfjs-core');

/** TensorFlow.js with a backend that is ready. */
export interface TfjsRuntime {
  readonly tf: Tfjs;
  /** e.g. `tfjs-wasm 4.22.0` */
  readonly description: string;
}

/** How a package is imported; another one only in tests. */
export type ImportPackage = (name: string) => Promise<unknown>;

interface Loader {
  readonly packages: readonly string[];
  /** tfjs's own name of the backend that computes. */
  readonly backend: string;
  /** The command that installs it. */
  readonly install: string;
}

const LOADERS: Readonly<Record<TfjsRuntimeName, Loader>> = {
  'tfjs-node': {
    packages: ['@tensorflow/tfjs-node'],
    backend: 'tensorflow',
    install: 'npm install --no-save --ignore-scripts=false @tensorflow/tfjs-node@4.22.0',
  },
  'tfjs-wasm': {
    packages: ['@tensorflow/tfjs-core', '@tensorflow/tfjs-backend-wasm'],
    backend: 'wasm',
    install: 'npm install @tensorflow/tfjs-core@4.22.0 @tensorflow/tfjs-backend-wasm@4.22.0',
  },
};

/** `auto` takes the first of these that is installed. */
const BY_SPEED: readonly TfjsRuntimeName[] = ['tfjs-node', 'tfjs-wasm'];

/**
 * Imports TensorFlow.js, which no install brings by itself (docs/decisions/0010), and makes its
 * backend ready.
 *
 * @throws EcholineError ECHOLINE_MODEL_RUNTIME_MISSING
 */
export async function importTfjs(
  wanted: TfjsRuntimeName | 'auto',
  importPackage: ImportPackage = (name) => import(name),
): Promise<TfjsRuntime> {
  const candidates = wanted === 'auto' ? BY_SPEED : [wanted];
  const failures: string[] = [];
  let cause: unknown;
  for (const name of candidates) {
    try {
      return await load(name, importPackage);
    } catch (error) {
      failures.push(`${name}: ${messageOf(error)}`);
      cause = error;
    }
  }
  const installs = candidates.map((name) => LOADERS[name].install);
  throw new EcholineError(
    'ECHOLINE_MODEL_RUNTIME_MISSING',
    `TensorFlow.js (${candidates.join(' or ')}) was asked for and cannot be loaded: ` +
      `${failures.join('; ')}. Install it: ${installs.join(' or ')}.`,
    { wanted },
    { cause },
  );
}

async function load(name: TfjsRuntimeName, importPackage: ImportPackage): Promise<TfjsRuntime> {
  const { packages, backend } = LOADERS[name];
  const modules: unknown[] = [];
  for (const each of packages) modules.push(await importPackage(each));
  const tf = modules[0] as Tfjs;
  if (!(await tf.setBackend(backend))) throw new Error(`its backend ${backend} does not start`);
  await tf.ready();
  return { tf, description: `${name} ${tf.version_core}` };
}
