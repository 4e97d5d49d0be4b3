import { defineConfig } from 'vitest/config';

const unit = [
  'src/**/*.test.ts',
  'adapters/**/*.test.ts',
  'jobs/**/*.test.ts',
  'tests/architecture/**/*.test.ts',
  'tests/conformance/**/*.test.ts',
];

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: unit,
          env: { TZ: 'UTC' },
          testTimeout: 20_000,
          // They share modules and leave nothing behind in them: half of the time went into loading.
          isolate: false,
          // It imports JSON in a way that Node does not take.
          server: { deps: { inline: ['@actions/workflow-parser'] } },
          sequence: { groupOrder: 0 },
        },
      },
      {
        test: {
          name: 'integration',
          include: ['tests/**/*.test.ts'],
          exclude: ['tests/architecture/**', 'tests/conformance/**', 'tests/crash/**'],
          globalSetup: ['tests/support/global-setup.ts'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
          maxWorkers: 3,
          sequence: { groupOrder: 1 },
        },
      },
      {
        test: {
          name: 'crash',
          include: ['tests/crash/**/*.test.ts'],
          globalSetup: ['tests/support/global-setup.ts'],
          testTimeout: 30 * 60_000,
          hookTimeout: 60_000,
          maxWorkers: 1,
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
});
