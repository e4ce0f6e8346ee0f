import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, describe, expect, it } from 'vitest';
import { EXIT_USAGE } from '../../../src/cli/command.js';
import { runCommandLine } from '../../../src/cli/command-line.js';
import { phantomCommand } from '../../../src/cli/commands/phantom.js';
import { fakeContext } from '../fake-context.js';

const scratch = mkdtempSync(join(tmpdir(), 'echoline-phantom-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

async function phantom(...argv: string[]) {
  const context = fakeContext();
  const entries = [{ name: 'phantom', load: async () => phantomCommand }];
  const status = await runCommandLine(['phantom', ...argv], entries, context);
  return { status, err: context.errLines.join('\n') };
}

describe('echoline phantom', () => {
  it('draws a contact sheet', async () => {
    const path = join(scratch, 'sheet.png');
    expect((await phantom('--sheet', path, '--size', '64', '--truth')).status).toBe(0);
    const { width = 0, height = 0 } = await sharp(readFileSync(path)).metadata();
    expect(width).toBeGreaterThan(5 * 64);
    expect(height).toBeGreaterThan(4 * 64);
  });

  it('wants to know what to make', async () => {
    expect((await phantom()).status).toBe(EXIT_USAGE);
  });

  it('says where it cannot write, in one line (ECHOLINE_CONFIG_USAGE)', async () => {
    const file = join(scratch, 'file');
    writeFileSync(file, '');
    const places = [['--sheet', join(scratch, 'no/sheet.png'), '--size', '64']];
    places.push(['--clip', join(file, 'x')], ['--shards', join(file, 'x'), '--records', '1']);
    for (const flags of places) {
      const { status, err } = await phantom(...flags);
      expect(status).toBe(EXIT_USAGE);
      expect(err).toMatch(/^ECHOLINE_CONFIG_USAGE: .*place to write to.*$/);
    }
  });
});

describe('echoline phantom --sources', () => {
  it('refuses a source that it does not know, and names those that it does', async () => {
    const asked = ['--shards', scratch, '--records', '1', '--sources', 'phantom,heldout'];
    const { status, err } = await phantom(...asked);
    expect(status).toBe(EXIT_USAGE);
    expect(err).toContain(
      "expected some of phantom,composite,real,other for --sources, not 'heldout'",
    );
  });
});
