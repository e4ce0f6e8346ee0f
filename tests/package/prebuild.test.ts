import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const isBuilt = existsSync(join(ROOT, 'native/build/Release/echoline.node'));
const installed = mkdtempSync(join(tmpdir(), 'echoline-installed-'));
afterAll(() => rmSync(installed, { recursive: true }));

/** Runs a module's text with Node, as an installed package would. */
function run(text: string): string {
  const args = ['--input-type=module', '--eval', text];
  const { stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  return stdout + stderr;
}

/** A module's address as text of a program. */
function url(directory: string, path: string): string {
  return JSON.stringify(pathToFileURL(join(directory, path)).href);
}

describe('the native kernels in an installed package', () => {
  it('are among the files that are packed, and made before that', () => {
    const { files, scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
    expect(files).toContain('native/prebuilds');
    expect(scripts.prepack).toBe('node scripts/prebuild-native.mjs');
  });

  it.skipIf(!isBuilt)(
    'are found prebuilt, without a compiler and without a build',
    () => {
      cpSync(join(ROOT, 'dist/kernels'), join(installed, 'dist/kernels'), { recursive: true });
      cpSync(join(ROOT, 'dist/domain'), join(installed, 'dist/domain'), { recursive: true });
      cpSync(join(ROOT, 'package.json'), join(installed, 'package.json'));
      symlinkSync(join(ROOT, 'node_modules'), join(installed, 'node_modules'));
      const select = `
      const { selectKernels } = await import(${url(installed, 'dist/kernels/select-kernels.js')});
      const { origin, reason } = selectKernels();
      console.log(origin, reason);`;
      expect(run(select)).toContain('reference native kernels are not built');
      const placed = run(`
      const { placePrebuild } = await import(${url(ROOT, 'scripts/prebuild-native.mjs')});
      console.log(placePrebuild(${JSON.stringify(ROOT)}, ${JSON.stringify(installed)}));`);
      expect(placed).toContain(`native/prebuilds/${process.platform}-${process.arch}/echoline`);
      expect(run(select)).toMatch(/^native (AVX-512|AVX2|baseline) instructions/);
    },
    120_000,
  );
});
