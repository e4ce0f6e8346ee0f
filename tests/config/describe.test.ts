import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { describeConfiguration } from '../../src/config/describe.js';
import { SETTINGS } from '../../src/config/setting.js';

it('docs/configuration.md is what the schema says', () => {
  const written = readFileSync(new URL('../../docs/configuration.md', import.meta.url), 'utf8');
  expect(written).toBe(describeConfiguration());
});

it('every setting has a description and a default, and its three names are unique', () => {
  for (const setting of SETTINGS) {
    expect(setting.description, setting.key).not.toBe('');
    expect(setting.defaultValue, setting.key).toBeDefined();
  }
  expect(new Set(SETTINGS.map((setting) => setting.environmentName)).size).toBe(SETTINGS.length);
  expect(new Set(SETTINGS.map((setting) => setting.flagName)).size).toBe(SETTINGS.length);
});
