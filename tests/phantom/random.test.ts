import { describe, expect, it } from 'vitest';
import { createRandom } from '../../src/phantom/random.js';

describe('createRandom', () => {
  it('repeats itself for the same seed and differs for another', () => {
    const draw = (seed: number): number[] => {
      const random = createRandom(seed);
      return Array.from({ length: 8 }, () => random.uniform());
    };
    expect(draw(7)).toEqual(draw(7));
    expect(draw(7)).not.toEqual(draw(8));
    expect(draw(2 ** 32 + 7)).not.toEqual(draw(7));
  });

  it('forks by label alone, whatever was drawn before', () => {
    const fresh = createRandom(5);
    const used = createRandom(5);
    used.gaussian();
    used.uniform();
    expect(used.fork('needle').uniform()).toBe(fresh.fork('needle').uniform());
    expect(fresh.fork('needle').uniform()).not.toBe(fresh.fork('probe').uniform());
  });

  it('draws uniform values that fill their range evenly', () => {
    const random = createRandom(11);
    const bins = new Array<number>(10).fill(0);
    for (let draw = 0; draw < 20_000; draw++) {
      const bin = random.int(10);
      bins[bin] = (bins[bin] ?? 0) + 1;
    }
    for (const count of bins) expect(Math.abs(count - 2000)).toBeLessThan(220);
  });

  it('fills arrays with zero mean and unit variance, as single draws do', () => {
    const random = createRandom(3);
    const many = new Float32Array(100_000);
    random.fillGaussian(many);
    const single = Float32Array.from({ length: 20_000 }, () => random.gaussian());
    for (const values of [many, single]) {
      const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
      const power = values.reduce((sum, value) => sum + value * value, 0) / values.length;
      expect(Math.abs(mean)).toBeLessThan(0.03);
      expect(Math.abs(power - 1)).toBeLessThan(0.04);
    }
  });
});
