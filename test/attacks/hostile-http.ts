import assert from 'node:assert/strict'
import type { OutgoingHttpHeaders } from 'node:http'
import fc from 'fast-check'
import { ERRORS, type ErrorCode } from '../../protocol/errors.ts'
import { OPERATIONS } from '../../protocol/operations/index.ts'
import { COMMON_ERRORS, type Operation } from '../../protocol/operations/operation.ts'
import type { Problem } from '../../protocol/rest.ts'
import type { HttpParts } from '../../server/http/http-env.ts'
import { listRoutes } from '../../server/http/routes/index.ts'
import { NOT_BUILT } from '../../server/http/routes/public-files.ts'
import type { Answer } from '../http/raw-http.ts'
import { fitting, oddText, unfit } from './schema-payloads.ts'

/** Every route there is: its method and path. The handlers are made of nothing, and never called. */
export function everyRoute(): [method: string, path: string][] {
  const nothing: object = new Proxy(() => nothing, { get: () => nothing, apply: () => nothing })
  const parts = new Proxy(
    { config: { http: {}, publicDir: '' } },
    { get: (own, name) => (Reflect.get(own, name) as unknown) ?? nothing },
  )
  return listRoutes(parts as unknown as HttpParts).map(({ method, path }) => [method, path])
}

/** What the application may say to people's faults: a success, or a problem of the closed list that is no bug. */
export function assertAnswered(answer: Answer, method: string, what: string): void {
  if (answer.status < 400) return
  if (method === 'HEAD') {
    assert.ok(answer.status < 500, `${what}: ${answer.status}`)
    return
  }
  const told = `${what}: ${answer.status} ${answer.body.slice(0, 200)}`
  assert.equal(answer.headers['content-type'], 'application/problem+json', told)
  const problem = JSON.parse(answer.body) as Problem
  assert.ok(Object.hasOwn(ERRORS, problem.code) && problem.code !== 'internal', told)
  assert.equal(problem.status, answer.status, told)
  assert.equal(ERRORS[problem.code as ErrorCode].status, answer.status, told)
  // The one thing that is nobody's fault: a tree of sources in which nothing was built.
  assert.ok(answer.status < 500 || problem.message === NOT_BUILT, told)
}

/** As `assertAnswered`; a refusal must also be one that the operation's document tells of. */
export function assertAsDocumented(answer: Answer, [method, route]: [string, string], what: string): void {
  assertAnswered(answer, method, what)
  const operation = (OPERATIONS as Record<string, Operation>)[`${method} ${route}`]
  if (operation === undefined || answer.status < 400) return
  const { code } = JSON.parse(answer.body) as Problem
  // What is in the path may lead to another route, or to none.
  const told: string[] = [...operation.errors, ...COMMON_ERRORS, 'not_found', 'method_not_allowed']
  assert.ok(told.includes(code), `${what}: ${code} is not documented for ${method} ${route}`)
}

/** The path of a route with its parameters filled in. */
export function paths(route: string): fc.Arbitrary<string> {
  const parts = route.split(/(:[a-z_]+(?:\{[^}]*\})?)/)
  return fc
    .tuple(...parts.map((part) => (part.startsWith(':') ? segment : fc.constant(part))))
    .map((filled) => filled.join(''))
}

/** One more than a request target may hold is the engine's affair; everything here arrives at the application. */
const segment = fc.oneof(
  fc.constantFrom(
    ...['%00', '%', '%ff', '%ed%a0%80', '%2e%2e%2f%2e%2e%2fetc%2fpasswd', '..%5c', '.', 'a/../b', '//', ''],
    ...['__proto__', 'constructor', '*', ':session_id', '%F0%9F%A6%8A', 'x'.repeat(3_000), '%20', 'a%2Fb'],
    ...['00000000-0000-4000-8000-000000000000', '00000000-0000-4000-8000-00000000000G', '-1', 'null'],
  ),
  fc.string().map(encodeURIComponent),
)

const operations: readonly Operation[] = Object.values(OPERATIONS)
const QUERIES = operations.flatMap(({ query }) => (query ? [query.schema] : []))
const BODIES = operations.flatMap(({ body }) => (body ? [body.schema] : []))

const queryNames = fc.constantFrom(
  ...new Set(QUERIES.flatMap((schema) => Object.keys(schema.properties))),
  ...['client_api_key', '__proto__', 'constructor', 'toString', 'a[b]', ''],
)
const queryValues = fc.oneof(
  fc.constantFrom(
    ...['%', '%ff', '%00', '%ed%a0%80', '1e3', '0x10', '-1', '1.5', '2147483648', '9'.repeat(400)],
  ),
  fc.constantFrom('pk_demo', 'NaN', 'Infinity', '+1', '1&1', '', 'x'.repeat(3_000)),
  fc.nat().map(String),
  oddText.map((text) => encodeURIComponent(text.toWellFormed()).slice(0, 3_000)),
)

/** Query strings, with their question mark. */
export const queries: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom('', '?', '?&&==&', '?%', '??', '?a', `?${'a=1&'.repeat(800)}`),
  fc
    .array(fc.tuple(queryNames, queryValues), { maxLength: 4 })
    .map((pairs) => `?${pairs.map(([name, value]) => `${name}=${value}`).join('&')}`),
  ...QUERIES.map((schema) =>
    fitting(schema).map((fitted) => `?${String(new URLSearchParams(fitted as Record<string, string>))}`),
  ),
)

const DEEP_LIST = '['.repeat(16_000) + ']'.repeat(16_000)
const DEEP_OBJECT = '{"client_api_key":'.repeat(1_500) + '1' + '}'.repeat(1_500)

/** Bodies of up to 32 KB: what fits a schema of the API and names the demo client, what does not, and no JSON. */
export const bodies: fc.Arbitrary<Buffer> = fc
  .oneof(
    fc.constantFrom<string | Buffer>(
      ...['', '{', '{}', 'null', '[]', '"text"', '7', 'NaN', '{"a":1,}', '\ufeff{}', DEEP_LIST, DEEP_OBJECT],
      ...[
        'client_api_key=pk_demo',
        '<xml/>',
        '--b\r\ncontent-disposition: form-data; name="a"\r\n\r\n1\r\n--b--',
      ],
      ...[Buffer.from([0xff, 0xfe, 0, 1]), Buffer.from('"\xed\xa0\x80"', 'latin1'), Buffer.alloc(32_000)],
    ),
    ...BODIES.flatMap((schema) => [
      unfit(schema).map((body) => JSON.stringify(body)),
      fitting(schema).map((body) => JSON.stringify({ ...(body as object), client_api_key: 'pk_demo' })),
    ]),
    fc.jsonValue().map((value) => JSON.stringify(value)),
  )
  .map((body) => Buffer.from(body as string))

const ORIGINS = [
  ...[
    'null',
    'file://',
    'http://',
    'http://[::1',
    'http://[::1]:1',
    'chrome-extension://abc',
    'HTTP://LOCALHOST',
  ],
  ...[
    'http://localhost',
    'http://localhost.',
    'http://localhost:99999',
    'http://a, http://b',
    'http://user@localhost',
  ],
  ...[
    'javascript:alert(1)',
    'data:text/html,x',
    ' ',
    '',
    '*',
    `http://${'a'.repeat(5_000)}`,
    'http://\xe4.example',
  ],
]
const AUTHORIZATIONS = [
  ...[
    '',
    ' ',
    'Bearer',
    'Bearer ',
    'Bearer  a',
    'bearer a',
    'BEARER a',
    'Bearer a b',
    'Bearer =',
    'Bearer a=b',
  ],
  ...['Basic YTpi', 'Digest username="a"', 'Bearer null', 'Bearer undefined', 'Bearer [object Object]', 'a'],
  ...[
    'Bearer \xe4\xf6',
    `Bearer ${'A'.repeat(43)}`,
    `Bearer ${'A'.repeat(101)}`,
    `Bearer ${'A'.repeat(8_000)}`,
  ],
]

const anyOf = (values: readonly string[]) => fc.option(fc.constantFrom(...values), { nil: undefined })

/** Headers as nobody means them. */
export const headers: fc.Arbitrary<OutgoingHttpHeaders> = fc
  .record({
    authorization: anyOf(AUTHORIZATIONS),
    origin: anyOf(ORIGINS),
    'content-type': anyOf([
      'application/json',
      'text/plain',
      'multipart/form-data',
      'application/json; charset=utf-7',
      ';',
    ]),
    'content-encoding': anyOf(['gzip', 'br', 'nonsense']),
    accept: anyOf(['*/*', 'text/event-stream', ';q=', 'application/json;q=2']),
    'accept-encoding': anyOf(['br', 'gzip;q=0', '*', 'br;q=', '\xff']),
    'access-control-request-method': anyOf(['POST', 'nonsense', '']),
    'if-none-match': anyOf(['*', 'W/"', '"a", "b"', ','.repeat(2_000)]),
    'x-forwarded-for': anyOf([
      '',
      ',',
      '::',
      '1.2.3.4, unknown',
      '[::1]:99999',
      '::ffff:1.2.3.4%eth0',
      '1,'.repeat(2_000),
    ]),
    'x-request-id': anyOf(['', 'a', 'ok-ok-ok-ok', '\xe4'.repeat(20), '$(reboot)']),
    'x-http-method-override': anyOf(['DELETE']),
    cookie: anyOf(['a=b', '=;=;', 'a'.repeat(2_000)]),
    range: anyOf(['bytes=0-', 'bytes=-1', 'bytes=9-1']),
    upgrade: anyOf(['h2c']),
  })
  .map((made) => Object.fromEntries(Object.entries(made).filter(([, value]) => value !== undefined)))
