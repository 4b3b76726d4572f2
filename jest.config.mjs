import { availableParallelism } from 'node:os';

// Unit tests stand beside the code (*.spec.ts); tests over processes, sockets and servers live in test/. Those that kill processes,
// or keep every replica busy, and watch how fast others go on have the machine to themselves.
const project = (displayName, testMatch, runner = 'jest-runner') => ({
  displayName,
  runner,
  testEnvironment: 'node',
  // NestJS decorators write to the metadata API: it has to be there before any of our modules.
  setupFiles: [import.meta.resolve('reflect-metadata').replace('file://', '')],
  testEnvironmentOptions: { customExportConditions: ['@certlane/source', 'node', 'node-addons'] },
  extensionsToTreatAsEsm: ['.ts'],
  testMatch,
  testPathIgnorePatterns: ['/node_modules/', '/dist/'],
  modulePathIgnorePatterns: ['/dist/'],
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': ['$1.js', '$1.ts'] },
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      {
        swcrc: false,
        sourceMaps: 'inline',
        module: { type: 'es6' },
        jsc: {
          target: 'es2024',
          keepClassNames: true,
          parser: { syntax: 'typescript', decorators: true },
          transform: { legacyDecorator: true, decoratorMetadata: false },
        },
      },
    ],
  },
});

const alone = ['test/{chaos,replicas}/**/*.test.ts', 'test/e2e/trust/ca-store.test.ts'];
const serial = '<rootDir>/scripts/serial-runner.mjs';
const long = process.env.CERTLANE_LONG_TESTS === '1';

export default {
  testTimeout: 60_000,
  // Of the files that have no need to be alone; many wait for a server more than they work.
  maxWorkers: availableParallelism() + 1,
  reporters: ['default', '<rootDir>/scripts/summary-reporter.mjs'],
  projects: long
    ? [project('long', ['<rootDir>/test/**/*.long.ts'], serial)]
    : [
        project('unit', ['<rootDir>/{libs,services}/*/src/**/*.spec.ts']),
        project('system', ['<rootDir>/test/**/*.test.ts', ...alone.map((pattern) => `!**/${pattern}`)]),
        project(
          'alone',
          alone.map((pattern) => `<rootDir>/${pattern}`),
          serial,
        ),
      ],
};
