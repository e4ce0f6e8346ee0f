// `npm run build`: makes the checkout ready, builds the native kernels where that is possible, and
// says so. Tests and demo do not build native kernels: they run with what is there.

import { buildNative, isNativeBuilt } from './build-native.mjs';
import { ensureReady, ROOT } from './setup.mjs';

await ensureReady();
if (!isNativeBuilt(ROOT)) await buildNative(ROOT);
process.stderr.write('echoline: the build is up to date\n');
