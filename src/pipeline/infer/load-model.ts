import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { EcholineError } from '../../domain/errors.js';
import type { ModelFile, ModelManifest, Precision } from '../../domain/model-manifest.js';
import { parseManifest } from './parse-manifest.js';

/** A checked manifest, one of its files, and the very bytes whose hash was checked. */
export interface LoadedModel {
  readonly manifest: ModelManifest;
  readonly precision: Precision;
  /** Of `bytes`. */
  readonly sha256: string;
  readonly bytes: Uint8Array;
}

/**
 * Reads `manifest.json`.
 *
 * @throws EcholineError ECHOLINE_MODEL_NOT_FOUND, ECHOLINE_MODEL_MANIFEST_INVALID
 */
export async function loadManifest(modelDirectory: string): Promise<ModelManifest> {
  const file = join(modelDirectory, 'manifest.json');
  return parseManifest((await readModelFile(file)).toString('utf8'), file);
}

/** The manifest's file of this precision; null where it names none. */
export function findModelFile(manifest: ModelManifest, precision: Precision): ModelFile | null {
  if (manifest.precision === precision) return manifest;
  return precision === 'int8' ? (manifest.variants?.int8 ?? null) : null;
}

/**
 * Reads an ONNX file of the manifest and checks its hash: weights that nobody vouched for do not
 * run.
 *
 * @throws EcholineError ECHOLINE_MODEL_NOT_FOUND, also when the manifest names no file of this
 * precision; ECHOLINE_MODEL_HASH_MISMATCH
 */
export async function loadModel(
  modelDirectory: string,
  manifest: ModelManifest,
  precision: Precision,
): Promise<LoadedModel> {
  const wanted = findModelFile(manifest, precision);
  if (wanted === null) {
    throw new EcholineError(
      'ECHOLINE_MODEL_NOT_FOUND',
      `${join(modelDirectory, 'manifest.json')} names no ${precision} file. Use precision auto, ` +
        'or make one with models/training/quantize.py.',
      { precision },
    );
  }
  const file = join(modelDirectory, wanted.file);
  const bytes = await readModelFile(file);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  if (sha256 !== wanted.sha256) {
    throw new EcholineError(
      'ECHOLINE_MODEL_HASH_MISMATCH',
      `${file} has SHA-256 ${sha256}; its manifest expects ${wanted.sha256}. ` +
        'The file is damaged or was replaced: restore it, or export model and manifest together.',
      { found: sha256, expected: wanted.sha256 },
    );
  }
  return { manifest, precision, sha256, bytes };
}

async function readModelFile(file: string): Promise<Buffer> {
  try {
    return await readFile(file);
  } catch (cause) {
    throw new EcholineError(
      'ECHOLINE_MODEL_NOT_FOUND',
      `Cannot read ${file}: ${cause instanceof Error ? cause.message : String(cause)}. ` +
        'Give the folder that holds manifest.json and its ONNX file.',
      { file },
      { cause },
    );
  }
}
