// `npm run demo`: makes the checkout ready, then is `echoline demo` with the same arguments.

import { ensureReady, importBuilt } from './setup.mjs';

await ensureReady();
process.argv.splice(2, 0, 'demo');
await importBuilt('cli/main.js');
