import { expect, it } from 'vitest';
import { createEngines } from '../../src/server/engines.js';
import { testConfig, until } from '../support/service.js';

const FAKE = new URL('../support/fake-engine.mjs', import.meta.url);

it('keeps what the engines said before somebody hears them, and starts them once', async () => {
  const engines = createEngines(testConfig({ model: 'fake' }), FAKE);
  try {
    const identity = await engines.start();
    const heard: string[] = [];
    engines.hear(({ kind }) => heard.push(kind));
    expect(heard).toEqual(['engine-ready']);
    expect(await engines.start()).toBe(identity);
    await until(() => heard.length > 1, 'the spare', 20_000);
  } finally {
    await engines.pool.close();
  }
});
