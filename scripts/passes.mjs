/** Suites whose behaviour depends on the engine or the database: they run on both. */
const BOTH_WAYS = ['sockets', 'conversation', 'http', 'client', 'attacks', 'limits', 'handoff'].map(
  (area) => `test/${area}/**/*.test.ts`,
)

/**
 * How the tests are run: each pass is one mocha over its files, all side by side. A pass that lacks Postgres runs on the embedded one.
 */
export const PASSES = [
  {
    name: 'everything, on Postgres and uWebSockets.js',
    files: ['test/**/*.test.ts'],
    env: { TEST_DATABASE: 'postgres', TEST_ENGINE: 'uws' },
  },
  {
    name: 'what both may change, on embedded Postgres and node:http',
    files: [...BOTH_WAYS, 'test/heart/chaos.test.ts'],
    env: { TEST_DATABASE: 'pglite', TEST_ENGINE: 'node' },
  },
]
