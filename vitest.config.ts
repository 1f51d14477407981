import { defineConfig } from 'vitest/config'

// Tests never meet a real tenant or a proxy: what the shell says about either is gone before a worker starts.
for (const name of Object.keys(process.env)) {
  if (/^(AUTH0|TENANTLAB)_/.test(name) || /^(HTTPS?|ALL|NO)_PROXY$/i.test(name)) delete process.env[name]
}

/** Tests that start kernels, browsers, compilers or whole packages. `test:unit` leaves them out. */
const slow = ['test/{house,notebooks,types,judges,showcases}/**/*.test.ts', 'test/**/*.slow.test.ts']
const never = ['**/node_modules/**', '**/fixtures/**']

export default defineConfig({
  test: {
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 20_000,
    hookTimeout: 30_000,
    projects: [
      {
        extends: true,
        test: { name: 'unit', include: ['test/**/*.test.ts'], exclude: [...never, ...slow] },
      },
      {
        extends: true,
        test: { name: 'slow', include: slow, exclude: never, testTimeout: 180_000, hookTimeout: 180_000 },
      },
    ],
  },
})
