import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { EcholineError } from '../../domain/errors.js';
import type { ModelManifest } from '../../domain/model-manifest.js';
import { parseManifest } from './parse-manifest.js';

/** A checked manifest and the very bytes whose hash was checked. */
export interface LoadedModel {
  readonly manifest: ModelManifest;
  readonly bytes: Uint8Array;
}

/**
 * Reads `manifest.json` and the ONNX file beside it and checks the file's hash: weights that nobody
 * vouched for do not run.
 *
 * @throws EcholineError ECHOLINE_MODEL_NOT_FOUND, ECHOLINE_MODEL_MANIFEST_INVALID,
 * ECHOLINE_MODEL_HASH_MISMATCH
 */
export async function loadModel(modelDirectory: string): Promise<LoadedModel> {
  const manifestFile = join(modelDirectory, 'manifest.json');
  const text = (await readModelFile(manifestFile)).toString('utf8');
  const manifest = parseManifest(text, manifestFile);
  const file = join(modelDirectory, manifest.file);
  const bytes = await readModelFile(file);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  if (sha256 !== manifest.sha256) {
    throw new EcholineError(
      'ECHOLINE_MODEL_HASH_MISMATCH',
      `${file} has SHA-256 ${sha256}; its manifest expects ${manifest.sha256}. ` +
        'The file is damaged or was replaced: restore it, or export model and manifest together.',
      { found: sha256, expected: manifest.sha256 },
    );
  }
  return { manifest, bytes };
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
