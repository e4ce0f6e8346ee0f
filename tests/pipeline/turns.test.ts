import { describe, expect, it } from 'vitest';
import { createTurns } from '../../src/pipeline/turns.js';

function deferred() {
  let resolve: (word: string) => void = () => undefined;
  let reject: (error: Error) => void = () => undefined;
  const promise = new Promise<string>((onResolve, onReject) => {
    resolve = onResolve;
    reject = onReject;
  });
  return { promise, resolve, reject };
}

describe('turns', () => {
  it('begin the first task at once, and again when all are done', async () => {
    const turns = createTurns();
    const begun: string[] = [];
    const task = (name: string) => async () => {
      begun.push(name);
      return name;
    };
    const first = turns(task('a'));
    expect(begun).toEqual(['a']);
    await first;
    await Promise.resolve();
    const second = turns(task('b'));
    expect(begun).toEqual(['a', 'b']);
    expect(await second).toBe('b');
  });

  it('let tasks wait for one another, in their order', async () => {
    const turns = createTurns();
    const begun: number[] = [];
    const gates = [deferred(), deferred(), deferred()];
    const results = gates.map(({ promise }, index) =>
      turns(() => {
        begun.push(index);
        return promise;
      }),
    );
    expect(begun).toEqual([0]);
    gates[2]?.resolve('c');
    gates[0]?.resolve('a');
    expect(await results[0]).toBe('a');
    gates[1]?.resolve('b');
    expect(await Promise.all(results)).toEqual(['a', 'b', 'c']);
    expect(begun).toEqual([0, 1, 2]);
  });

  it('give an error to its caller and go on', async () => {
    const turns = createTurns();
    const failed = turns(() => Promise.reject(new Error('no')));
    const next = turns(async () => 'next');
    await expect(failed).rejects.toThrow('no');
    expect(await next).toBe('next');
  });
});
