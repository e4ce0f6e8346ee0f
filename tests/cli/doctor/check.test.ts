import { describe, expect, it } from 'vitest';
import { findingLines, runCheck } from '../../../src/cli/doctor/check.js';
import { EcholineError } from '../../../src/domain/errors.js';

const check = { subject: 'thing', isNeeded: true, advice: 'Mend it.' };

describe('a check of doctor', () => {
  it('is a line that says what is there, and further ones below it', async () => {
    const finding = await runCheck({ ...check, look: () => 'here\nwith more' });
    expect(findingLines(finding)).toEqual([
      'works    thing              here',
      '                            with more',
    ]);
  });

  it('says what is wrong, and on a line of its own what to do', async () => {
    const look = () => Promise.reject(new Error('gone\n    at somewhere'));
    expect(findingLines(await runCheck({ ...check, look }))).toEqual([
      'BROKEN   thing              gone',
      '                            -> Mend it.',
    ]);
    const [first] = findingLines(await runCheck({ ...check, isNeeded: false, look }));
    expect(first).toBe('missing  thing              gone');
  });

  it('tells an error of ours with its code and all of its lines', async () => {
    const error = new EcholineError('ECHOLINE_CONFIG_INVALID', 'one\ntwo', {});
    const { found } = await runCheck({ ...check, look: () => Promise.reject(error) });
    expect(found).toBe('ECHOLINE_CONFIG_INVALID: one\ntwo');
  });
});
