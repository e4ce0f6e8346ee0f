import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import * as echoline from '../../src/index.js';

const ROOT = new URL('../../', import.meta.url);

interface PackageFile {
  readonly exports: Readonly<Record<string, string>>;
}

describe('the published package', () => {
  it('offers the entry points that programs embed, and no more', () => {
    expect(Object.keys(echoline).sort()).toEqual([
      'EcholineError',
      'createPipeline',
      'createServer',
      'isEcholineError',
      'loadConfig',
      'selectKernels',
    ]);
  });

  it('has a source for every export of package.json', () => {
    const text = readFileSync(new URL('package.json', ROOT), 'utf8');
    const { exports } = JSON.parse(text) as PackageFile;
    const targets = Object.values(exports).filter((target) => target.startsWith('./dist/'));

    expect(targets.length).toBeGreaterThan(2);
    for (const target of targets) {
      const source = target.replace('./dist/', 'src/').replace(/\.js$/, '.ts');
      expect(existsSync(new URL(source, ROOT)), source).toBe(true);
    }
  });
});
