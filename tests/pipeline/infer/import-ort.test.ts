import { expect, it, vi } from 'vitest';
import { importOrt } from '../../../src/pipeline/infer/import-ort.js';

it('ONNX Runtime is loaded with its telemetry off, whatever the environment says', async () => {
  vi.stubEnv('ORT_DISABLE_TELEMETRY', '0');
  const runtime = await importOrt();
  expect(process.env.ORT_DISABLE_TELEMETRY).toBe('1');
  expect(runtime.env.versions.node).toMatch(/^\d/);
});
