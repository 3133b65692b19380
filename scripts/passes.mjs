/** Suites whose behaviour depends on the engine or the database: they run on both. */
const BOTH_WAYS = ['sockets', 'conversation', 'http', 'client', 'attacks', 'limits', 'handoff']

/** Suites that wait for processes and browsers rather than work. */
const PATIENT = ['browser', 'chaos', 'process', 'start']

/**
 * How the tests are run: each pass is one mocha over its files, all side by side. A pass that lacks Postgres runs on the embedded one.
 */
export const PASSES = [
  {
    name: 'everything else, on Postgres and uWebSockets.js',
    files: [`test/!(${[...PATIENT, ...BOTH_WAYS].join('|')})/**/*.test.ts`, 'test/*.test.ts'],
    env: { TEST_DATABASE: 'postgres', TEST_ENGINE: 'uws' },
  },
  {
    name: 'what engine and database may change, on Postgres and uWebSockets.js',
    files: filesOf(BOTH_WAYS),
    env: { TEST_DATABASE: 'postgres', TEST_ENGINE: 'uws' },
  },
  {
    name: 'processes and browsers, on Postgres and uWebSockets.js',
    files: filesOf(PATIENT),
    env: { TEST_DATABASE: 'postgres', TEST_ENGINE: 'uws' },
  },
  {
    name: 'the same, on embedded Postgres and node:http',
    files: [...filesOf(BOTH_WAYS), 'test/heart/chaos.test.ts'],
    env: { TEST_DATABASE: 'pglite', TEST_ENGINE: 'node' },
  },
]

function filesOf(areas) {
  return areas.map((area) => `test/${area}/**/*.test.ts`)
}
