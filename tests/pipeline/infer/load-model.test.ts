import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { type EcholineError, isEcholineError } from '../../../src/domain/errors.js';
import { loadManifest, loadModel } from '../../../src/pipeline/infer/load-model.js';
import { parseManifest } from '../../../src/pipeline/infer/parse-manifest.js';
import { emptyHeads } from '../../support/synthetic-heads.js';
import { TEST_MANIFEST } from '../../support/test-manifest.js';
import { addInt8, constantOnnx, writeModel } from '../../support/tiny-onnx.js';

const directories: string[] = [];
const modelFolder = (): string => {
  const directory = writeModel(
    TEST_MANIFEST,
    constantOnnx(TEST_MANIFEST, emptyHeads(TEST_MANIFEST)),
  );
  directories.push(directory);
  return directory;
};
afterAll(() => {
  for (const directory of directories) rmSync(directory, { recursive: true });
});

async function load(directory: string, precision: 'fp32' | 'int8' = 'fp32') {
  return loadModel(directory, await loadManifest(directory), precision);
}

async function failureOf(
  directory: string,
  precision: 'fp32' | 'int8' = 'fp32',
): Promise<EcholineError> {
  const error: unknown = await load(directory, precision).catch((e) => e);
  if (!isEcholineError(error)) throw new Error('expected an EcholineError');
  return error;
}

/** The manifest with one member replaced, by its path. */
function changed(path: string, value: unknown): string {
  const copy = JSON.parse(JSON.stringify(TEST_MANIFEST)) as Record<string, unknown>;
  const names = path.split('.');
  const last = names.pop() ?? '';
  let at = copy;
  for (const name of names) at = at[name] as Record<string, unknown>;
  if (value === undefined) delete at[last];
  else at[last] = value;
  return JSON.stringify(copy);
}

const OFF = { biasMm: 0.1, sigmaMm: 0.9 };

describe('loadModel', () => {
  it('reads the manifest and the bytes that its hash vouches for', async () => {
    const { manifest, precision, sha256, bytes } = await load(modelFolder());
    expect(precision).toBe('fp32');
    expect(sha256).toBe(manifest.sha256);
    expect(manifest.id).toBe('test-net');
    expect(manifest.classes).toEqual(TEST_MANIFEST.classes);
    expect(bytes.length).toBeGreaterThan(1000);
  });

  it('refuses a changed file: ECHOLINE_MODEL_HASH_MISMATCH', async () => {
    const directory = modelFolder();
    writeFileSync(join(directory, 'test.onnx'), 'not the model');
    const error = await failureOf(directory);
    expect(error.code).toBe('ECHOLINE_MODEL_HASH_MISMATCH');
    expect(error.message).toContain('test.onnx');
  });

  it('reads the variant of another precision, and checks its own hash', async () => {
    const directory = modelFolder();
    const bytes = constantOnnx(TEST_MANIFEST, emptyHeads(TEST_MANIFEST));
    addInt8(directory, bytes);
    const { precision, sha256, manifest } = await load(directory, 'int8');
    expect(precision).toBe('int8');
    expect(sha256).toBe(manifest.variants?.int8.sha256);
    writeFileSync(join(directory, 'int8.onnx'), 'not the model');
    expect((await failureOf(directory, 'int8')).code).toBe('ECHOLINE_MODEL_HASH_MISMATCH');
    expect((await load(directory, 'fp32')).precision).toBe('fp32');
  });

  it('says that the model has no such variant: ECHOLINE_MODEL_NOT_FOUND', async () => {
    const error = await failureOf(modelFolder(), 'int8');
    expect(error.code).toBe('ECHOLINE_MODEL_NOT_FOUND');
    expect(error.message).toContain('names no int8 file');
  });

  it('says what is missing: ECHOLINE_MODEL_NOT_FOUND', async () => {
    const empty = mkdtempSync(join(tmpdir(), 'echoline-empty-'));
    directories.push(empty);
    const noManifest = await failureOf(empty);
    expect(noManifest.code).toBe('ECHOLINE_MODEL_NOT_FOUND');
    expect(noManifest.message).toContain('manifest.json');
    writeFileSync(join(empty, 'manifest.json'), JSON.stringify(TEST_MANIFEST));
    const noOnnx = await failureOf(empty);
    expect(noOnnx.code).toBe('ECHOLINE_MODEL_NOT_FOUND');
    expect(noOnnx.message).toContain('test.onnx');
  });
});

describe('parseManifest', () => {
  it('accepts a good manifest and drops what it does not know', () => {
    const text = JSON.stringify({ ...TEST_MANIFEST, extra: 1 });
    expect(parseManifest(text, 'm')).toEqual(TEST_MANIFEST);
  });

  it('keeps the members that need not be there', () => {
    const sha256 = 'ab'.repeat(32);
    const manifest = {
      ...TEST_MANIFEST,
      variants: { int8: { file: 'int8.onnx', sha256 } },
      thresholds: {
        ...TEST_MANIFEST.thresholds,
        foreign: { neighbourCorrelation: 0.6, evenShare: 0.4, regionSidePx: 96 },
        colouredShare: 0.01,
      },
    };
    expect(parseManifest(JSON.stringify(manifest), 'm')).toEqual(manifest);
  });

  it.each([
    ['format', 'echoline-model/2'],
    ['id', 'Guide Net'],
    ['version', ''],
    ['file', '../../etc/passwd'],
    ['sha256', 'ABC'],
    ['precision', 'fp16'],
    ['variants', null],
    ['variants', { int8: { file: '../x.onnx', sha256: '0'.repeat(64) } }],
    ['variants', { int8: { file: 'x.onnx' } }],
    ['input', null],
    ['input.dtype', 'float32'],
    ['input.shape', [1, 1, 256, 256]],
    ['input.shape', [1, 3, 256]],
    ['input.shape', [1, 3, 256, 1e9]],
    ['input.channels', ['intensity']],
    ['input.neutral', 300],
    ['stridePx', 0],
    ['outputs.tip', undefined],
    ['classes', ['nerve', 'background']],
    ['classes', ['background', 'nerve', 'nerve']],
    ['classes', ['background', 'spleen']],
    ['classes', 'background'],
    ['thresholds.tipScore', 1.5],
    ['thresholds.shaftLengthMm', '4'],
    ['thresholds.needlePresent', undefined],
    ['thresholds.foreign', { neighbourCorrelation: 2, evenShare: 0.4, regionSidePx: 96 }],
    ['thresholds.foreign', { neighbourCorrelation: 0.6, regionSidePx: 96 }],
    ['thresholds.colouredShare', 2],
    ['calibration.needlePresentTemperature', 0],
    ['calibration.outlines', { spleen: { sure: OFF, unsure: OFF } }],
    ['calibration.outlines', { nerve: { sure: OFF } }],
    ['calibration.tipErrorLasting', 1.5],
    ['spacingRangeMm', { min: 2, max: 1 }],
    ['provenance', []],
    ['metrics', undefined],
  ])('refuses %s = %j: ECHOLINE_MODEL_MANIFEST_INVALID', (path, value) => {
    let error: unknown = null;
    try {
      parseManifest(changed(path, value), 'some/manifest.json');
    } catch (thrown) {
      error = thrown;
    }
    if (!isEcholineError(error)) throw new Error('expected an EcholineError');
    expect(error.code).toBe('ECHOLINE_MODEL_MANIFEST_INVALID');
    expect(error.message).toContain('some/manifest.json');
    expect(error.message).toContain(path.split('.').at(-1));
  });

  it('reads how far outlines are off, where somebody has fitted it', () => {
    const outlines = { nerve: { sure: OFF, unsure: { biasMm: 0.3, sigmaMm: 1.3 } } };
    const read = parseManifest(changed('calibration.outlines', outlines), 'm');
    expect(read.calibration.outlines).toEqual(outlines);
    expect(parseManifest(changed('provenance', {}), 'm').calibration.outlines).toBeUndefined();
  });

  it('reads how much of the error of a tip lasts, where somebody has measured it', () => {
    const read = parseManifest(changed('calibration.tipErrorLasting', 0.6), 'm');
    expect(read.calibration.tipErrorLasting).toBe(0.6);
    const without = parseManifest(changed('provenance', {}), 'm');
    expect(without.calibration.tipErrorLasting).toBeUndefined();
  });

  it('refuses what is not JSON or not an object', () => {
    for (const text of ['{', '[]', '3', '']) {
      expect(() => parseManifest(text, 'm')).toThrowError(/must be/);
    }
  });
});
