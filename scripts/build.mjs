// `npm run build`: makes the checkout ready, and says so.

import { ensureReady } from './setup.mjs';

await ensureReady();
process.stderr.write('echoline: the build is up to date\n');
