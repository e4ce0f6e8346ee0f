import { describe, expect, it } from 'vitest';
import { startError } from '../../src/cli/service-process.js';

describe('why the service of the demo does not come up', () => {
  it('is what the service said, with its own code', () => {
    const said = [
      '{"level":40,"msg":"engine died"}',
      'ECHOLINE_CONFIG_PORT_IN_USE: Port 8787 on 127.0.0.1 is in use.',
      '  and something that belongs to it',
    ];
    const error = startError('ended with exit code 78', said);
    expect(error.code).toBe('ECHOLINE_CONFIG_PORT_IN_USE');
    expect(error.message).toBe('Port 8787 on 127.0.0.1 is in use.');
  });

  it('is its last words where it named no code of ours', () => {
    const said = ['ECHOLINE_NO_SUCH_CODE: x', 'Segmentation fault'];
    const error = startError('ended with exit code 139', said);
    expect(error.code).toBe('ECHOLINE_CONFIG_INVALID');
    expect(error.message).toContain('ended with exit code 139');
    expect(error.message).toContain('Segmentation fault');
    expect(startError('ended', []).message).toContain('It said: nothing');
  });
});
