import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { PACKAGE_ROOT } from '../../package-root.js';
import type { TargetKind, TargetOptions } from '../target.js';
import { startPeerProcess } from './peer-process.js';
import {
  findPythonEnvironment,
  type PythonPlace,
  type RunProgram,
  setUpPythonEnvironment,
} from './python-environment.js';

const FOLDER = join(PACKAGE_ROOT, 'bench', 'peers');
const PYTHON_PLACE: PythonPlace = {
  requirements: join(FOLDER, 'python', 'requirements.txt'),
  directory: join(PACKAGE_ROOT, '.cache', 'bench-peers', 'python'),
};

/** How the Python peer is written: in one process, or with worker processes. */
type PythonForm = 'single' | 'workers';

/**
 * What people would use instead, each loaded by the same driver; `bench/peers/README.md` says what
 * each is and how it was made fair.
 *
 * @param mayInstall - whether `whyUnavailable` may download the Python packages; never in tests
 */
export function peersThat(mayInstall: boolean): readonly TargetKind[] {
  return [
    pythonPeer(
      'python',
      'single',
      'Python in one process: websockets, OpenCV, onnxruntime; frames in turn, on threads.',
      mayInstall,
    ),
    pythonPeer(
      'python-processes',
      'workers',
      'Python in several: asyncio in front, workers behind shared memory, newest frame wins.',
      mayInstall,
    ),
    {
      name: 'node',
      description: 'Plain Node: ws and onnxruntime-node on the main thread, frames in turn.',
      whyUnavailable: async () => null,
      start: (options, stop) => {
        const args = [join(FOLDER, 'node', 'server.mjs'), ...modelFlags(options)];
        return startPeerProcess('node', process.execPath, args, stop);
      },
    },
  ];
}

/** All peers; what is missing is set up when it is asked for. */
export const PEERS: readonly TargetKind[] = peersThat(true);

function pythonPeer(
  name: string,
  form: PythonForm,
  description: string,
  mayInstall: boolean,
): TargetKind {
  const find = async () =>
    mayInstall
      ? setUpPythonEnvironment(PYTHON_PLACE, runProgram)
      : findPythonEnvironment(PYTHON_PLACE);
  return {
    name,
    description,
    async whyUnavailable() {
      const found = await find();
      return 'reason' in found ? found.reason : null;
    },
    async start(options, stop) {
      const found = findPythonEnvironment(PYTHON_PLACE);
      const python = 'python' in found ? found.python : 'python3';
      const workers = options.workers === null ? [] : ['--workers', String(options.workers)];
      const args = ['-B', join(FOLDER, 'python', 'server.py'), '--form', form, ...workers];
      return startPeerProcess(name, python, [...args, ...modelFlags(options)], stop);
    },
  };
}

function modelFlags(options: TargetOptions): readonly string[] {
  const { modelDirectory, precision, intraOpThreads } = options;
  return [
    ...['--model', modelDirectory],
    ...['--precision', precision],
    ...['--threads', String(intraOpThreads)],
  ];
}

const runProgram: RunProgram = async (program, args) => {
  const { stdout } = await promisify(execFile)(program, [...args]);
  return stdout;
};
