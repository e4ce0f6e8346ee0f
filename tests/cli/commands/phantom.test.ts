import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { EXIT_USAGE } from '../../../src/cli/command.js';
import { runCommandLine } from '../../../src/cli/command-line.js';
import { phantomCommand } from '../../../src/cli/commands/phantom.js';
import { fakeContext } from '../fake-context.js';

async function phantom(...argv: string[]) {
  const context = fakeContext();
  const entries = [{ name: 'phantom', load: async () => phantomCommand }];
  const status = await runCommandLine(['phantom', ...argv], entries, context);
  return { status, err: context.errLines.join('\n') };
}

describe('echoline phantom --sources', () => {
  it('refuses a source that it does not know, and names those that it does', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'echoline-shards-'));
    const asked = ['--shards', directory, '--records', '1', '--sources', 'phantom,heldout'];
    const { status, err } = await phantom(...asked);
    expect(status).toBe(EXIT_USAGE);
    expect(err).toContain(
      "expected some of phantom,composite,real,other for --sources, not 'heldout'",
    );
  });
});
