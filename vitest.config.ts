import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { defineConfig } from 'vitest/config'

// Tests never meet a real tenant or a proxy: what the shell says about either is gone before a worker starts.
for (const name of Object.keys(process.env)) {
  if (/^(AUTH0|TENANTLAB)_/.test(name) || /^(HTTPS?|ALL|NO)_PROXY$/i.test(name)) delete process.env[name]
}

// What runs remember of each other is no part of the home folder of who tests.
const state = mkdtempSync(join(tmpdir(), 'tenantlab-state-'))
process.env['XDG_STATE_HOME'] = state
process.on('exit', () => rmSync(state, { recursive: true, force: true }))

/** Tests that start kernels, browsers, compilers or whole packages. `test:unit` leaves them out. */
const slow = [
  'test/{house,notebooks,types,judges,showcases}/**/*.test.ts',
  'test/**/*.slow.test.ts',
  // A tenant of 500 people for most of its tests, and what a whole process shares.
  'test/lab/lab.test.ts',
]
/** Tests as the fast ones, but with real waits, thousands of inputs or a kill at every line: `test:unit` leaves them out. */
const long = [
  'test/display/charts/{chart,png-palette}.test.ts',
  'test/flow/journal.test.ts',
  'test/pipeline/{applied,rx-composition,told-waits}.test.ts',
  'test/repl/workbench.test.ts',
  'test/run/parts.test.ts',
  'test/runbook/{begin,known-runs,review}.test.ts',
  'test/sandbox/{open-world,streams}.test.ts',
  'test/sandbox/browser/login.test.ts',
  'test/sandbox/management/search.test.ts',
  'test/transport/detours.test.ts',
]
/** Tests that change what a whole process shares, such as undici's global dispatcher: each has a process of its own. */
const alone = [
  'test/transport/{built-in,nock,proxy,undici}.test.ts',
  'test/flows/documented-requests.test.ts',
  'test/pipeline/{execute,rx}.test.ts',
]
/** Judges that take minutes: `npm run test:nightly` alone runs them. */
const nightly = ['test/**/*.nightly.test.ts']
const never = ['**/node_modules/**', '**/fixtures/**']

export default defineConfig({
  test: {
    pool: 'forks',
    maxWorkers: 2,
    experimental: { fsModuleCache: true, fsModuleCachePath: 'node_modules/.cache/vitest' },
    testTimeout: 20_000,
    hookTimeout: 30_000,
    projects: [
      {
        extends: true,
        // The sources are loaded once per worker instead of once per file: that is half of what the fast tests cost.
        test: {
          name: 'unit',
          include: ['test/**/*.test.ts'],
          exclude: [...never, ...slow, ...long, ...alone, ...nightly],
          isolate: false,
        },
      },
      {
        extends: true,
        test: { name: 'unit-long', include: long, exclude: never, isolate: false },
      },
      {
        extends: true,
        test: { name: 'unit-alone', include: alone, exclude: [...never, ...slow] },
      },
      {
        extends: true,
        test: {
          name: 'slow',
          include: slow,
          exclude: [...never, ...nightly],
          testTimeout: 180_000,
          hookTimeout: 180_000,
          // Real kernels, browsers and terminals on a busy machine: one more try, and the closing summary names it.
          retry: process.env['CI'] ? 1 : 0,
        },
      },
      {
        extends: true,
        test: { name: 'nightly', include: nightly, exclude: never, testTimeout: 1_800_000, hookTimeout: 180_000 },
      },
    ],
  },
})
