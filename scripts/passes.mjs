/** Suites whose behaviour depends on the engine or the database. */
const BOTH_WAYS = ['sockets', 'conversation', 'http', 'client', 'attacks', 'limits', 'handoff']

/**
 * What the second engine and database run of these. Limits are counted in memory, whatever engine or database there is:
 * whose address and which size it is the engine says. What is asked of handlers and how hands change is ours alike, and the
 * client speaks HTTP as those suites do; what people of the business ask over HTTP, and what the documents say, are ours as well.
 */
const SECOND_WAY = [
  ...filesOf(['sockets', 'conversation', 'http/streams']),
  'test/http/!(admin-*|asyncapi|documented|openapi).test.ts',
  ...['addresses', 'people', 'sizes'].map((name) => `test/limits/${name}.test.ts`),
  ...['floods', 'handshake', 'stalled-reader', 'cut-off'].map((name) => `test/attacks/${name}.test.ts`),
  'test/heart/chaos.test.ts',
]

/** Suites that wait for processes rather than work. */
const PROCESSES = ['chaos', 'process', 'start']

const POSTGRES = { TEST_DATABASE: 'postgres', TEST_ENGINE: 'uws' }
const EMBEDDED = { TEST_DATABASE: 'pglite', TEST_ENGINE: 'node' }

/** Stands among the passes for all that is said about the code without running it. */
export const CHECKS = 'checks'

/**
 * How the tests are run: each pass is one mocha over its files. Lanes run side by side, the passes of a lane one after the
 * other: suites that load a machine must not do so twice at once, and those that wait leave it to the others. There are
 * three, since a fourth on two cores only makes the others wait. A pass that lacks Postgres runs on the embedded one.
 */
export const LANES = [
  [
    {
      name: 'everything else, on Postgres and uWebSockets.js',
      files: [`test/!(${['browser', ...PROCESSES, ...BOTH_WAYS].join('|')})/**/*.test.ts`, 'test/*.test.ts'],
      env: POSTGRES,
    },
    {
      name: 'what engine and database may change, on Postgres and uWebSockets.js',
      files: filesOf(BOTH_WAYS),
      env: POSTGRES,
    },
  ],
  [
    { name: 'processes, on Postgres and uWebSockets.js', files: filesOf(PROCESSES), env: POSTGRES },
    {
      name: 'what engine and database may change, on embedded Postgres and node:http',
      files: SECOND_WAY,
      env: EMBEDDED,
    },
  ],
  [{ name: 'browsers, on Postgres and uWebSockets.js', files: filesOf(['browser']), env: POSTGRES }, CHECKS],
]

function filesOf(areas) {
  return areas.map((area) => `test/${area}/**/*.test.ts`)
}
