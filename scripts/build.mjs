// `npm run build`: makes the checkout ready and says so. Unlike a mere set-up it lets node-gyp
// fetch Node's headers where the native kernels lack them.

import { buildNative, lacksHeaders } from './build-native.mjs';
import { ensureReady, ROOT } from './setup.mjs';

await ensureReady();
if (lacksHeaders(ROOT)) await buildNative(ROOT, { mayDownload: true });
process.stderr.write('echoline: the build is up to date\n');
