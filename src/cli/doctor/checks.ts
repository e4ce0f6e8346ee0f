import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import type { ExecutionProvider } from '../../domain/execution-provider.js';
import { selectHop } from '../../engine/frame-hop.js';
import { selectKernels } from '../../kernels/select-kernels.js';
import { importOrt } from '../../pipeline/infer/import-ort.js';
import { loadManifest, loadModel } from '../../pipeline/infer/load-model.js';
import { createTfjsBackend } from '../../pipeline/infer/tfjs/tfjs-backend.js';
import { openPipeline } from '../open-pipeline.js';
import { PACKAGE_ROOT, SHIPPED_MODEL } from '../package-root.js';
import type { Check } from './check.js';
import { findExecutable, firstLineOf } from './executables.js';

/** What the checks are about. */
export interface DoctorOptions {
  readonly port: number;
  /** null = the shipped model. */
  readonly modelDirectory: string | null;
  readonly executionProvider: ExecutionProvider;
  readonly dataDirectory: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

const NODE_MIN = '20.19.0';
const BROWSERS = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

/** Everything that `echoline doctor` looks at, needed things first. */
export function doctorChecks(options: DoctorOptions): readonly Check[] {
  return [...neededChecks(options), ...extraChecks(options)];
}

function neededChecks(options: DoctorOptions): readonly Check[] {
  const reinstall = 'Run npm ci in the project, or npm install echoline again.';
  const modelDirectory = options.modelDirectory ?? SHIPPED_MODEL;
  return [
    {
      subject: 'Node',
      isNeeded: true,
      advice: `Install Node ${NODE_MIN} or newer from https://nodejs.org.`,
      look: () => checkNode(process.versions.node),
    },
    {
      subject: 'onnxruntime-node',
      isNeeded: true,
      advice: reinstall,
      look: async () => {
        const { env, listSupportedBackends } = await importOrt();
        const providers = listSupportedBackends().map(({ name, bundled }) =>
          bundled ? name : `${name} (with libraries of its own)`,
        );
        return `${env.versions.node}, execution providers: ${providers.join(', ')}`;
      },
    },
    {
      subject: 'sharp',
      isNeeded: true,
      advice: reinstall,
      look: async () => {
        const { default: sharp } = await import('sharp');
        return `${sharp.versions.sharp}, libvips ${sharp.versions.vips}`;
      },
    },
    {
      subject: 'model',
      isNeeded: true,
      advice:
        'Restore models/guidenet, or give --model DIR with manifest.json and its ONNX file; ' +
        'docs/backends.md says what an --execution-provider needs.',
      look: async () => {
        const { executionProvider } = options;
        const threadsChoice = { autoUpTo: availableParallelism() };
        const { modelDirectory: given } = options;
        const pipeline = await openPipeline(given, 'auto', executionProvider, threadsChoice);
        await pipeline.close();
        const { id, sha256 } = pipeline.model;
        const { precision, reason, threads } = pipeline.selected;
        const { version } = pipeline.manifest;
        const hash = sha256.slice(0, 12);
        const file = `${id} ${version}, SHA-256 ${hash}… checked`;
        const how = `runs on ${executionProvider} in ${precision} (${reason}; ${modelDirectory})`;
        const auto = `intraOpThreads auto would be ${threads.count} (${threads.reason})`;
        return `${file}, ${how}; ${auto}`;
      },
    },
    {
      subject: `port ${options.port}`,
      isNeeded: true,
      advice: 'End whatever listens there, or give echoline serve another --port.',
      look: () => checkPort(options.port),
    },
  ];
}

function extraChecks({ modelDirectory, dataDirectory, env }: DoctorOptions): readonly Check[] {
  return [
    {
      subject: 'kernels',
      isNeeded: false,
      advice: 'Native kernels are optional.',
      look: () => {
        const { origin, reason } = selectKernels();
        if (origin === 'native') return `native (${reason})`;
        const slower = 'preparing a frame takes several times as long, about 1 ms more';
        return `reference (${reason}): ${slower}; npm run build needs a C++ compiler`;
      },
    },
    {
      subject: 'second opinion',
      isNeeded: false,
      advice: 'Only secondOpinion needs TensorFlow.js; docs/backends.md says how to install it.',
      look: () => lookAtSecondOpinion(modelDirectory ?? SHIPPED_MODEL),
    },
    {
      subject: 'hop to engines',
      isNeeded: false,
      advice: 'Shared memory is optional.',
      look: () => {
        const { kind, reason } = selectHop('auto');
        if (kind === 'shared-memory') return `shared memory (${reason})`;
        return `socket (${reason}): a frame of 1920 x 1080 gray8 takes about 0.3 ms more`;
      },
    },
    {
      subject: 'browser',
      isNeeded: false,
      advice: "Only the page's tests need one: apt-get install chromium.",
      look: () => findExecutable(BROWSERS, env),
    },
    {
      subject: 'Python websockets',
      isNeeded: false,
      advice: 'Only the example cart in Python needs it: apt-get install python3-websockets.',
      look: () => {
        const program = 'import websockets; print(websockets.__version__)';
        return firstLineOf('python3', ['-c', program]);
      },
    },
    {
      subject: 'ffmpeg',
      isNeeded: false,
      advice: 'Only films (MP4, MOV, AVI, MKV) need it: apt-get install ffmpeg.',
      look: () => firstLineOf('ffmpeg', ['-version']),
    },
    {
      subject: 'real data',
      isNeeded: false,
      advice: 'Only eval on real frames needs it: give --data DIR.',
      look: () => {
        if (!existsSync(join(dataDirectory, 'README.md'))) {
          throw new Error(`${dataDirectory} is not there`);
        }
        return dataDirectory;
      },
    },
  ];
}

/** Where development machines have the licensed real data. */
export const USUAL_DATA_DIRECTORY = join(PACKAGE_ROOT, '..', 'shared', 'data');

async function lookAtSecondOpinion(modelDirectory: string): Promise<string> {
  const model = await loadModel(modelDirectory, await loadManifest(modelDirectory), 'fp32');
  const backend = await createTfjsBackend({ model, runtime: 'auto' });
  await backend.close();
  return `${backend.description} computes the network`;
}

function checkNode(version: string): string {
  const text = readFileSync(join(PACKAGE_ROOT, 'package.json'), 'utf8');
  const { engines } = JSON.parse(text) as { readonly engines: { readonly node: string } };
  const numbers = (dotted: string) => dotted.split('.').map(Number);
  const [major = 0, minor = 0] = numbers(version);
  const [majorMin = 0, minorMin = 0] = numbers(NODE_MIN);
  if (major < majorMin || (major === majorMin && minor < minorMin)) {
    throw new Error(`${version}, but ${engines.node} is needed`);
  }
  return version;
}

function checkPort(port: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', (error) => reject(error));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve('free on 127.0.0.1')));
  });
}
