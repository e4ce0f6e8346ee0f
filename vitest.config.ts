import { defineConfig } from 'vitest/config';

/**
 * What opens sockets, forks processes, starts a browser or renders whole clips; everything else is
 * a unit test.
 */
const NOT_UNIT = [
  'tests/integration/**/*.test.ts',
  'tests/e2e/**/*.test.ts',
  'tests/clips/{video,real-clips}.test.ts',
  'tests/phantom/**/*-clip.test.ts',
  'tests/pipeline/{abstention,spread/spread}.test.ts',
  'tests/cli/training/make-records.test.ts',
];

/**
 * Of these, what says how soon something must be seen: a service with its engines under a clock.
 * Two of them at once starve each other on two cores.
 */
const TIMED = [
  'tests/integration/{bad-input,bench-peers,demo,engine-*}.test.ts',
  'tests/integration/{limits-and-auth,python-cart,service}.test.ts',
  'tests/e2e/display-{background,example,memory,sdk,service,states}.test.ts',
];

const SHARED = {
  pool: 'forks',
  setupFiles: 'tests/support/bounded-properties.ts',
  testTimeout: 20_000,
  hookTimeout: 60_000,
  // For the tests that load ONNX Runtime past `importOrt`.
  env: { ORT_DISABLE_TELEMETRY: '1' },
} as const;

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
          // As above: the modules of these are as many, and their files keep nothing either.
          isolate: false,
          include: NOT_UNIT,
          exclude: TIMED,
          testTimeout: 40_000,
          maxWorkers: 2,
          sequence: { groupOrder: 1 },
        },
      },
      {
        test: {
          ...SHARED,
          name: 'timed',
          isolate: false,
          include: TIMED,
          maxWorkers: 1,
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
});
