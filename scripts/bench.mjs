// `npm run bench`: makes the checkout ready, then is `echoline bench` with the same arguments.

import { ensureReady, importBuilt } from './setup.mjs';

await ensureReady();
process.argv.splice(2, 0, 'bench');
await importBuilt('cli/main.js');
