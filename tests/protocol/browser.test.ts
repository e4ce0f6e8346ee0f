import { createContext, runInContext } from 'node:vm';
import { build } from 'esbuild';
import { describe, expect, it } from 'vitest';

describe('the protocol in a browser', () => {
  it('bundles without Node, and runs where code from strings is forbidden', async () => {
    const bundle = await build({
      entryPoints: ['src/protocol/index.ts'],
      bundle: true,
      write: false,
      format: 'iife',
      globalName: 'protocol',
      platform: 'browser',
      logLevel: 'silent',
    });
    const [output] = bundle.outputFiles;
    // As under `Content-Security-Policy: script-src 'self'`: eval and new Function throw.
    const page = createContext(
      { TextEncoder, TextDecoder },
      { codeGeneration: { strings: false, wasm: false } },
    );
    expect(() => runInContext('new Function("return 1")', page)).toThrow(/Code generation/);
    runInContext(output?.text ?? '', page);
    const clock = runInContext(
      `JSON.stringify(protocol.parseMessageToDisplay('{"type":"clock","t0Us":5}'))`,
      page,
    );
    expect(clock).toBe('{"type":"clock","t0Us":5}');
    const refused = runInContext(
      `try { protocol.parseMessageFromCart('{"type":"clock"}') } catch (e) { e.code }`,
      page,
    );
    expect(refused).toBe('ECHOLINE_PROTOCOL_CONTROL_INVALID');
  });
});
