import { selectKernels } from '../../../kernels/select-kernels.js';
import { compareJpeg } from '../kernels/compare-jpeg.js';
import { compareKernels } from '../kernels/compare-kernels.js';
import { meaningOfAll } from '../meaning.js';
import { type Suite, SuiteRecord } from './suite.js';

const ROUNDS = { smoke: 0, quick: 8, full: 40 } as const;

/**
 * Each native kernel over the reference, and the JPEG decoder over sharp: CPU time, by turns in one
 * process. Without native kernels only what the reference computes is hashed.
 */
export const kernels: Suite = async (context) => {
  const record = new SuiteRecord(context);
  const { kernels: native, origin, reason } = selectKernels('auto');
  const rounds = ROUNDS[context.mode];
  const compared = compareKernels(native, rounds);
  record.meaning(meaningOfAll(compared.map(({ sha256 }) => sha256)));
  if (origin === 'reference') {
    record.invalid(`there are no native kernels to compare: ${reason}`);
    return record.findings();
  }
  for (const { name, referenceUs, nativeUs, isSame } of compared) {
    addComparison(record, name, referenceUs, nativeUs);
    if (!isSame) record.invalid(`the native kernel computes something else: ${name}`);
  }
  for (const { name, sharpUs, wholeUs, reducedUs } of await compareJpeg(native, rounds)) {
    addComparison(record, `JPEG decode ${name}`, sharpUs, wholeUs);
    addComparison(record, `JPEG decode ${name}, reduced`, sharpUs, reducedUs);
  }
  return record.findings();
};

function addComparison(record: SuiteRecord, name: string, slowUs: number, fastUs: number): void {
  record.figure(`${name}, reference`, slowUs, 'µs');
  record.figure(`${name}, native`, fastUs, 'µs');
  record.figure(`${name}, ratio`, slowUs / fastUs, 'ratio');
}
