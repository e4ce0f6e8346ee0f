#!/usr/bin/env node
// `echoline`: in a checkout makes it ready first, then is the command line in dist/cli/main.js.

import { ensureReady, importBuilt } from '../scripts/setup.mjs';

await ensureReady();
await importBuilt('cli/main.js');
