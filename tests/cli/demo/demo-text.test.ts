import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { forwardingCommand, nextSteps, pageAddress } from '../../../src/cli/demo/demo-text.js';

const ADDRESSES = { serviceUrl: 'http://127.0.0.1:8787', streamId: 'demo', origin: null };

describe('what the demo tells a newcomer', () => {
  it('names the page of its own stream', () => {
    expect(pageAddress(ADDRESSES)).toBe('http://127.0.0.1:8787/?stream=demo');
  });

  it('names the forwarded origin where one is given', () => {
    const address = pageAddress({ ...ADDRESSES, origin: 'http://localhost:9000' });

    expect(address).toBe('http://localhost:9000/?stream=demo');
  });

  it('gives the forwarding command over SSH, with a port that is not 22', () => {
    const env = { SSH_CONNECTION: '10.0.0.2 51515 10.0.0.9 2222' };

    expect(forwardingCommand('http://127.0.0.1:8787', env)).toMatch(
      /^ssh -p 2222 -N -L 8787:127\.0\.0\.1:8787 \S+@10\.0\.0\.9$/,
    );
  });

  it('gives no forwarding command elsewhere', () => {
    expect(forwardingCommand('http://127.0.0.1:8787', {})).toBeNull();
  });

  it('shows commands that can be pasted for one’s own clip and cart', () => {
    const text = nextSteps(ADDRESSES).join('\n');

    expect(text).toContain('npm run demo -- --clip PATH');
    const url = 'ws://127.0.0.1:8787/v1/streams/demo-2/frames';
    expect(text).toContain(`python3 examples/cart/cart.py --url ${url}`);
    expect(text).toContain(`npx echoline replay PATH --to ${url}`);
    const cart = new URL('../../../examples/cart/cart.py', import.meta.url);
    expect(readFileSync(cart, 'utf8')).toContain('add_argument("--url"');
  });
});
