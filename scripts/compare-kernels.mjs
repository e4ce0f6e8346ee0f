// `npm run bench:kernels`: compares the native kernels with the reference, and the JPEG decoder
// with sharp, and prints medians of CPU time and ratios.
// Usage: node scripts/compare-kernels.mjs [rounds]

import { ensureReady, importBuilt } from './setup.mjs';

await ensureReady();
const { selectKernels } = await importBuilt('kernels/select-kernels.js');
const { compareKernels } = await importBuilt('cli/bench/kernels/compare-kernels.js');
const { compareJpeg } = await importBuilt('cli/bench/kernels/compare-jpeg.js');

const { kernels, origin, reason } = selectKernels();
if (origin === 'reference') {
  process.stderr.write(`compare-kernels: ${reason}.\n`);
  process.exit(1);
}
const rounds = Number.parseInt(process.argv[2] ?? '40', 10);
const say = (line) => process.stdout.write(`${line}\n`);

say(`Native kernels: ${reason}. ${rounds} rounds by turns.\n`);
say('| Kernel | reference µs | native µs | ratio | same |\n|---|--:|--:|--:|---|');
for (const { name, referenceUs, nativeUs, isSame } of compareKernels(kernels, rounds)) {
  const ratio = (referenceUs / nativeUs).toFixed(1);
  const same = isSame ? 'yes' : 'NO';
  say(`| ${name} | ${referenceUs.toFixed(1)} | ${nativeUs.toFixed(1)} | ${ratio} | ${same} |`);
}
say('\n| Gray JPEG | sharp µs | native µs | ratio | reduced by | µs | ratio |');
say('|---|--:|--:|--:|--:|--:|--:|');
for (const jpeg of await compareJpeg(kernels, rounds)) {
  const { name, jpegBytes, sharpUs, wholeUs, reduction, reducedUs } = jpeg;
  const whole = `${wholeUs.toFixed(0)} | ${(sharpUs / wholeUs).toFixed(1)}`;
  const reduced = `${reducedUs.toFixed(0)} | ${(sharpUs / reducedUs).toFixed(1)}`;
  const size = `${name} (${Math.round(jpegBytes / 1024)} KB)`;
  say(`| ${size} | ${sharpUs.toFixed(0)} | ${whole} | ${reduction} | ${reduced} |`);
}
