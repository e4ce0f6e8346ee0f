import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  findPythonEnvironment,
  type PythonPlace,
  type RunProgram,
  setUpPythonEnvironment,
} from '../../../../src/cli/bench/peers/python-environment.js';

let folder: string;
let place: PythonPlace;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'echoline-python-'));
  place = { requirements: join(folder, 'requirements.txt'), directory: join(folder, 'python') };
  writeFileSync(place.requirements, 'numpy==2.4.6\n');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Notes what would run; fails with these words where a command contains `failing`. */
function fakeRun(failing: string | null, words = ''): { run: RunProgram; commands: string[] } {
  const commands: string[] = [];
  const run: RunProgram = async (program, args) => {
    const command = [program, ...args].join(' ');
    commands.push(command);
    if (failing !== null && command.includes(failing)) throw new Error(words);
    return '';
  };
  return { run, commands };
}

describe('the Python of the peers', () => {
  it('is looked for without downloading anything', () => {
    expect(findPythonEnvironment(place)).toEqual({
      reason: expect.stringContaining('not installed: run npm run bench'),
    });
  });

  it('is set up once, from the pinned requirements, and found from then on', async () => {
    const { run, commands } = fakeRun(null);
    const python = join(place.directory, 'bin', 'python');
    expect(await setUpPythonEnvironment(place, run)).toEqual({ python });
    expect(commands).toHaveLength(3);
    expect(commands[1]).toContain('-m venv');
    expect(commands[2]).toContain(`-m pip install`);
    expect(commands[2]).toContain(`-r ${place.requirements}`);
    expect(findPythonEnvironment(place)).toEqual({ python });
    await setUpPythonEnvironment(place, run);
    expect(commands).toHaveLength(3);
  });

  it('is set up anew when the requirements have changed', async () => {
    const { run, commands } = fakeRun(null);
    await setUpPythonEnvironment(place, run);
    writeFileSync(place.requirements, 'numpy==2.5.0\n');
    expect(findPythonEnvironment(place)).toHaveProperty('reason');
    await setUpPythonEnvironment(place, run);
    expect(commands).toHaveLength(6);
  });

  it.each([
    [
      'no python3',
      'sys.version_info',
      'spawn python3 ENOENT',
      /expected python3 .*apt-get install/,
    ],
    ['no venv', '-m venv', 'No module named venv', /virtual environment.*No module named venv/],
    [
      'no network',
      '-m pip',
      'a\nNo matching distribution',
      /pip .*No matching distribution.*network/,
    ],
  ])('says in one line what to do with %s, and leaves nothing half done', async (...row) => {
    const [, failing, words, expected] = row;
    const found = await setUpPythonEnvironment(place, fakeRun(failing, words).run);
    const reason = 'reason' in found ? found.reason : '';
    expect(reason).toMatch(/^not installed: /);
    expect(reason).toMatch(expected);
    expect(reason).not.toContain('\n');
    expect(existsSync(place.directory)).toBe(false);
    expect(readdirSync(folder)).toEqual(['requirements.txt']);
  });

  it('says where it cannot write', async () => {
    writeFileSync(join(folder, 'file'), '');
    const inFile = { ...place, directory: join(folder, 'file', 'python') };
    const found = await setUpPythonEnvironment(inFile, fakeRun(null).run);
    expect(found).toEqual({ reason: expect.stringContaining('cannot be written') });
  });
});
