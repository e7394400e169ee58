import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import { chooseTemporaryFolder } from './test/support/temporary-folder.ts';

// For this process, its workers and the programs they start.
process.env.TMPDIR = chooseTemporaryFolder();
// Compiling the program takes longer than most of what tests start it for.
process.env.NODE_COMPILE_CACHE = fileURLToPath(
  new URL('node_modules/.cache/gatehouse/compiled', import.meta.url),
);

const shared = {
  environment: 'node' as const,
  setupFiles: ['test/support/no-network.ts'],
  restoreMocks: true,
  // Test files leave nothing behind in their modules; loading the program anew for each took half as long as the tests.
  isolate: false,
  // The first browser of a checkout is unpacked, and the machine may be busy.
  testTimeout: 20_000,
  // What is waited for comes in its time; how long that is depends on the machine.
  expect: { poll: { timeout: 10_000 } },
  hookTimeout: 60_000,
};
/** Programs of others, installed where they are missing: see test/peers/packages.ts. */
const peers = ['slapd', 'samba', 'simplesaml'].map((peer) => `test/peers/${peer}/**/*.test.ts`);
/**
 * What takes long by its nature: copies that die after every step, tables that are locked or full, months of made-up past, long
 * chains of random changes, a new connector compiled and linted, each page of the console and of the demo looked at in every way,
 * an institution set up from beginning to end by mouse and by keyboard.
 */
const long = [
  'test/demo/history.db.test.ts',
  'test/demo/pages.test.ts',
  'test/e2e/console/every-page.test.ts',
  'test/e2e/console/onboarding.test.ts',
  'test/e2e/console/setup.test.ts',
  'test/faults/kill-once.db.test.ts',
  'test/health/metrics/history.db.test.ts',
  'test/health/recording/faults.db.test.ts',
  'test/people/sign-in-property.db.test.ts',
  'test/scripts/connector-new.test.ts',
  'test/sync/engine/property.db.test.ts',
  'test/sync/runs/killed.db.test.ts',
];
const needsDatabase = ['test/**/*.db.test.ts', 'connectors/**/*.db.test.ts', 'test/e2e/**/*.test.ts'];

export default defineConfig({
  test: {
    // More than the cores where these are few: much of a test is waiting, for the database or the browser.
    maxWorkers: Math.max(3, availableParallelism() - 1),
    projects: [
      // What `npm run check` runs: reads the sources only.
      { test: { ...shared, name: 'rules', include: ['test/rules/**/*.test.ts'] } },
      {
        test: {
          ...shared,
          name: 'pure',
          include: ['test/**/*.test.ts', 'connectors/**/*.test.ts'],
          exclude: ['test/rules/**', 'test/faults/scenarios/**', ...peers, ...needsDatabase, ...long],
        },
      },
      {
        test: {
          ...shared,
          name: 'database',
          include: needsDatabase,
          exclude: [...peers, ...long],
          // Loaded by Node.js itself, as the program is: these tests load nearly all of it, and no module of theirs is mocked.
          experimental: { viteModuleRunner: false, nodeLoader: false },
          globalSetup: ['test/support/global-setup.ts'],
        },
      },
      // What `npm run test:faults` runs: minutes of killed processes and failing partners.
      {
        test: {
          ...shared,
          name: 'faults',
          include: ['test/faults/scenarios/**/*.test.ts', ...long],
          globalSetup: ['test/support/global-setup.ts'],
        },
      },
      // What `npm run test:peers` runs: signing in at the directories and identity providers of others.
      {
        test: {
          ...shared,
          name: 'peers',
          include: peers,
          hookTimeout: 300_000,
          globalSetup: ['test/support/global-setup.ts'],
        },
      },
    ],
  },
});
