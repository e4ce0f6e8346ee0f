import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const ROOT = new URL('../../', import.meta.url);
const lines = (name: string) => readFileSync(new URL(name, ROOT), 'utf8').split('\n');

/** What the image takes from the checkout. */
const copied = lines('Dockerfile')
  .map((line) => line.split(/\s+/))
  .filter(([word, next = '']) => word === 'COPY' && !next.startsWith('--from='))
  .flatMap((words) => words.slice(1, -1));

describe('the image', () => {
  it('copies only what is there', () => {
    expect(copied).toContain('src');
    const missing = copied.filter((path) => !existsSync(fileURLToPath(new URL(path, ROOT))));
    expect(missing).toEqual([]);
  });

  it('is not kept from what it copies by .dockerignore', () => {
    const ignored = lines('.dockerignore').filter((line) => line !== '');
    const kept = copied.filter((path) =>
      ignored.some((folder) => `${path}/`.startsWith(`${folder}/`)),
    );
    expect(kept).toEqual([]);
  });
});
