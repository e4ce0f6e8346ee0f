import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connectOverlays } from '../../src/cart/overlay-client.js';
import { startService, type TestService } from '../support/service.js';

const CART = fileURLToPath(new URL('../../examples/cart/cart.py', import.meta.url));

/** A Python that has `websockets`, or why there is none. */
function findPython(): { readonly path: string | null; readonly reason: string } {
  const candidates = [process.env.ECHOLINE_PYTHON, 'python3'].filter((path) => path !== undefined);
  const reasons: string[] = [];
  for (const path of candidates) {
    try {
      execFileSync(path, ['-c', 'import websockets'], { stdio: 'pipe' });
      return { path, reason: '' };
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      reasons.push(`${path}: ${message.split('\n').filter(Boolean).at(-1)}`);
    }
  }
  return { path: null, reason: reasons.join('; ') };
}

const python = findPython();
if (python.path === null) {
  process.stderr.write(
    `SKIPPED: the Python cart, because no Python with websockets was found (${python.reason}). ` +
      'Run "pip install websockets", or set ECHOLINE_PYTHON.\n',
  );
}

interface CartRun {
  readonly exitCode: number | null;
  readonly lines: readonly string[];
  readonly stderr: string;
}

/** Runs the example to its end. */
function runCart(args: readonly string[]): Promise<CartRun> {
  return new Promise((resolve, reject) => {
    const child = spawn(python.path ?? 'python3', [CART, ...args]);
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (chunk) => {
      stdout += chunk;
    });
    child.stderr.on('data', (chunk) => {
      stderr += chunk;
    });
    child.on('error', reject);
    child.on('close', (exitCode) => {
      resolve({ exitCode, lines: stdout.trim().split('\n'), stderr });
    });
  });
}

describe.skipIf(python.path === null)('the Python cart', () => {
  let service: TestService;
  const folder = mkdtempSync(join(tmpdir(), 'echoline-cart-'));

  beforeAll(async () => {
    service = await startService();
  });
  afterAll(async () => {
    await service?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it('streams its test picture; every frame gets a verdict and overlays come out', async () => {
    const overlays: number[] = [];
    const display = await connectOverlays({
      url: `${service.wsUrl}/v1/streams/python/overlays`,
      onOverlay: (overlay) => overlays.push(overlay.frameId),
    });
    const url = `${service.wsUrl}/v1/streams/python/frames`;
    const { exitCode, lines, stderr } = await runCart(['--url', url, '--frames', '30']);
    await display.close();
    expect(stderr).toBe('');
    expect(exitCode).toBe(0);
    const totals = JSON.parse(lines.at(-1) ?? '');
    expect(totals.sent).toBeGreaterThan(0);
    expect(totals.pending).toBe(0);
    expect(totals.ok).toBeGreaterThan(0);
    const verdicts = lines.filter((line) =>
      /^\d+ (ok|superseded|expired|invalid|failed)/.test(line),
    );
    expect(verdicts).toHaveLength(totals.sent);
    expect(totals.invalid).toBeUndefined();
    expect(overlays.length).toBeGreaterThan(0);
  });

  it('streams a folder of PNG images, with their spacing', async () => {
    for (let index = 0; index < 3; index += 1) {
      const data = Buffer.alloc(120 * 90, 40 + index);
      const raw = { width: 120, height: 90, channels: 1 } as const;
      writeFileSync(join(folder, `${index}.png`), await sharp(data, { raw }).png().toBuffer());
    }
    const spacings: unknown[] = [];
    const display = await connectOverlays({
      url: `${service.wsUrl}/v1/streams/pngs/overlays`,
      onOverlay: (overlay) => spacings.push(overlay.spacing?.xMm),
    });
    const url = `${service.wsUrl}/v1/streams/pngs/frames`;
    const args = ['--url', url, '--png', folder, '--fps', '5', '--spacing', '0.25'];
    const { exitCode, lines, stderr } = await runCart(args);
    await display.close();
    expect(stderr).toBe('');
    expect(exitCode).toBe(0);
    expect(JSON.parse(lines.at(-1) ?? '')).toMatchObject({ sent: 3, pending: 0 });
    expect(spacings.length).toBeGreaterThan(0);
    expect(new Set(spacings)).toEqual(new Set([0.25]));
  });

  it('prints in words why it is refused', async () => {
    const url = `${service.wsUrl}/v1/streams/bad%20name/frames`;
    const { exitCode, stderr } = await runCart(['--url', url, '--frames', '1']);
    expect(exitCode).not.toBe(0);
    expect(stderr).toContain('400');
  });
});
