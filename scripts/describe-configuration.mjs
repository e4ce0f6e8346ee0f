// Writes docs/configuration.md from the schema. Run it after changing src/config/schema.ts.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ensureReady, importBuilt, ROOT } from './setup.mjs';

await ensureReady();
const { describeConfiguration } = await importBuilt('config/describe.js');
writeFileSync(join(ROOT, 'docs/configuration.md'), describeConfiguration());
