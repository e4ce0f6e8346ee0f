import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import type { Config } from '../../config/schema.js';
import { selectHop } from '../../engine/frame-hop.js';
import { readClockUs } from '../../engine/read-clock.js';
import { type KernelChoice, selectKernels } from '../../kernels/select-kernels.js';
import { importOrt } from '../../pipeline/infer/import-ort.js';
import { loadManifest, loadModel } from '../../pipeline/infer/load-model.js';
import { createTfjsBackend } from '../../pipeline/infer/tfjs/tfjs-backend.js';
import { createPipeline } from '../../pipeline/pipeline.js';
import { engineOptionsOf } from '../../server/engine-options.js';
import { PACKAGE_ROOT } from '../package-root.js';
import type { Check } from './check.js';
import type { FoundConfiguration } from './configuration.js';
import { findExecutable, firstLineOf } from './executables.js';

/** What the checks are about. */
export interface DoctorOptions {
  readonly configuration: FoundConfiguration;
  readonly dataDirectory: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

const NODE_MIN = '20.19.0';
const BROWSERS = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

/** Everything that `echoline doctor` looks at, needed things first. */
export function doctorChecks(options: DoctorOptions): readonly Check[] {
  return [...neededChecks(options), ...extraChecks(options)];
}

function neededChecks({ configuration }: DoctorOptions): readonly Check[] {
  const reinstall = 'Run npm ci in the project, or npm install echoline again.';
  const { config, check } = configuration;
  return [
    {
      subject: 'Node',
      isNeeded: true,
      advice: `Install Node ${NODE_MIN} or newer from https://nodejs.org.`,
      look: () => checkNode(process.versions.node),
    },
    check,
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
      look: () => lookAtModel(config),
    },
    {
      subject: `port ${config.port}`,
      isNeeded: true,
      advice: 'End whatever listens there, or give echoline serve another --port.',
      look: () => checkPort(config),
    },
  ];
}

function extraChecks({ configuration, dataDirectory, env }: DoctorOptions): readonly Check[] {
  const { config } = configuration;
  return [
    {
      subject: 'kernels',
      isNeeded: config.kernels === 'native',
      advice: 'npm run build needs a C++ compiler; kernels: auto does without.',
      look: () => lookAtKernels(config.kernels),
    },
    {
      subject: 'second opinion',
      isNeeded: false,
      advice: 'Only secondOpinion needs TensorFlow.js; docs/backends.md says how to install it.',
      look: () => lookAtSecondOpinion(config),
    },
    {
      subject: 'hop to engines',
      isNeeded: config.engineHop === 'shared-memory',
      advice: 'npm run build needs a C++ compiler; engineHop: auto does without.',
      look: () => {
        const { kind, reason } = selectHop(config.engineHop);
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

/** Threads are measured whatever the configuration says, so that one sees what auto would do. */
async function lookAtModel(config: Config): Promise<string> {
  const { modelDirectory, precision, executionProvider, executionProviderFallback } =
    engineOptionsOf(config);
  const pipeline = await createPipeline({
    modelDirectory,
    precision,
    executionProvider,
    executionProviderFallback,
    intraOpThreads: { autoUpTo: availableParallelism() },
    kernels: selectKernels(config.kernels).kernels,
    warmUpRuns: 1,
    readClockUs,
  });
  await pipeline.close();
  const { model, selected, manifest } = pipeline;
  const { executionProvider: provider, threads } = selected;
  const file = `${model.id} ${manifest.version}, SHA-256 ${model.sha256.slice(0, 12)}… checked`;
  const on =
    provider.name === executionProvider ? provider.name : `${provider.name} (${provider.reason})`;
  const how = `runs on ${on} in ${selected.precision} (${selected.reason}; ${modelDirectory})`;
  const auto = `intraOpThreads auto would be ${threads.count} (${threads.reason})`;
  return `${file}, ${how}; ${auto}`;
}

function lookAtKernels(wanted: KernelChoice): string {
  const { origin, reason } = selectKernels(wanted);
  if (origin === 'native') return `native (${reason})`;
  if (wanted === 'native') throw new Error(`expected native, but ${reason}`);
  const slower = 'preparing a frame takes several times as long, about 1 ms more';
  const remedy = wanted === 'reference' ? '' : '; npm run build needs a C++ compiler';
  return `reference (${reason}): ${slower}${remedy}`;
}

async function lookAtSecondOpinion(config: Config): Promise<string> {
  const { modelDirectory, secondOpinion } = engineOptionsOf(config);
  const model = await loadModel(modelDirectory, await loadManifest(modelDirectory), 'fp32');
  const runtime = secondOpinion === 'off' ? 'auto' : secondOpinion;
  const backend = await createTfjsBackend({ model, runtime });
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

function checkPort({ host, port }: Config): Promise<string> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', (error) => reject(error));
    server.listen(port, host, () => server.close(() => resolve(`free on ${host}`)));
  });
}
