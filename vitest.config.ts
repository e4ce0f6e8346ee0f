import { defineConfig } from 'vitest/config';

/** What opens sockets, forks engines or starts a browser; everything else is a unit test. */
const NOT_UNIT = ['tests/integration/**/*.test.ts', 'tests/e2e/**/*.test.ts'];

const SHARED = { pool: 'forks', testTimeout: 20_000, hookTimeout: 60_000 } as const;

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          ...SHARED,
          name: 'unit',
          include: ['tests/**/*.test.ts'],
          exclude: NOT_UNIT,
          // Units keep nothing outside of themselves: a process for each of their files would
          // only start Node and load the same modules again and again.
          isolate: false,
          maxWorkers: 2,
          sequence: { groupOrder: 0 },
        },
      },
      {
        test: {
          ...SHARED,
          name: 'whole',
          include: NOT_UNIT,
          // One file at a time, after the units: each runs a service, engines and often a browser,
          // and says how soon something must be seen; two at once starve each other on two cores.
          maxWorkers: 1,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
