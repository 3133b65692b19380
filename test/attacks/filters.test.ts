import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, it } from 'mocha'
import type { TObject, TSchema } from 'typebox'
import { defineModels } from '../../models/index.ts'
import { CLIENT_ID } from '../../protocol/operations/examples.ts'
import { OPERATIONS } from '../../protocol/operations/index.ts'
import type { Operation } from '../../protocol/operations/operation.ts'
import type { Problem } from '../../protocol/rest.ts'
import type { SignedInPerson } from '../../server/auth/admins/index.ts'
import { createSecretKeys } from '../../server/auth/secret-keys.ts'
import { startApp, type AppUnderTest } from '../http/start-app.ts'
import { ask } from '../http/raw-http.ts'
import { makeClient, makeSession } from '../support/factories.ts'

/** Names that an ORM or a query language would take for a path, an operator or an order. */
const KEYS = [
  ...['limit[gt]', 'limit[$ne]', 'limit::int', 'limit)', "limit'--", 'limit;DROP TABLE messages', '"limit"'],
  ...['order', 'sort', 'sort[0][]', 'where', '$where', '[Op.or]', 'Op.and', 'include', 'attributes', 'group'],
  ...[
    'content',
    "content->>'a'",
    "settings#>>'{a,b}'",
    'metadata.a.b',
    'messages.client_id',
    'client.api_key',
  ],
  ...['json[path]', "a'||(SELECT 1)||'", 'client_id', 'session_id OR 1=1', '__proto__', 'constructor.name'],
]

/** Values that would be one where only a plain value belongs. */
const VALUES = [
  ...[
    '1;DROP TABLE messages',
    "1' OR '1'='1",
    '1)--',
    '{"gt":1}',
    '{"$gt":""}',
    '[1]',
    'content DESC',
    '(SELECT 1)',
  ],
  ...['-1', '1e3', '0x1', '1.5', ' 1', 'NULL', 'true', '9999999999'],
]

/** The same in a body. */
const PARTS = [
  { $gt: '' },
  { '[Op.ne]': null },
  { gt: 1 },
  ["a'; --"],
  [[]],
  { "a->>'b'": 1 },
  null,
  -1,
  1.5,
  1e12,
]

/** Who may ask everything. */
const OWNER: SignedInPerson = {
  ...{ id: CLIENT_ID, client_id: null, email: 'ada@parlor.example', name: 'Ada' },
  ...{ avatar_url: null, role: 'owner', family: CLIENT_ID },
}

let app: AppUnderTest
let statements: string[] = []
let tokens: Record<string, string> = {}
let session_id = ''
/** Each request comes from another address, so that limits are out of the way. */
let asked = 0
before(async function () {
  this.timeout(60_000)
  app = await startApp(({ database, admins }) => ({
    admins: { ...admins, find: () => Promise.resolve(OWNER) },
    database: {
      ...database,
      run: (statement, values) => (statements.push(statement.name), database.run(statement, values)),
    },
  }))
  const client = await makeClient(app.held.database)
  const session = await makeSession(app.held.database, client)
  const keys = createSecretKeys(app.held.database, defineModels(app.held.database.sequelize))
  const issued = await keys.create({ api_key: client.api_key }, 'attacker')
  assert.ok(issued.ok)
  tokens = { session_token: session.token, secret_key: issued.data.key, access_token: 'whatever' }
  session_id = session.id
})
after(() => app.close())
beforeEach(() => (statements = []))

/** Refused before anything was asked of the database but who asks. */
async function assertRefused(
  key: string,
  { credentials }: Operation,
  query: string,
  body?: unknown,
): Promise<void> {
  const [method = '', path = ''] = key.split(' ')
  const token = credentials.map((credential) => tokens[credential]).find((one) => one !== undefined)
  const { status, body: text } = await ask(
    app.port,
    path.replace(':session_id', session_id).replaceAll(/:[a-z_]+/g, CLIENT_ID) + query,
    {
      method,
      headers: {
        'x-forwarded-for': `198.51.100.${asked++ % 250}`,
        ...(token && { authorization: `Bearer ${token}` }),
        ...(credentials.includes('refresh_cookie') && { origin: `http://127.0.0.1:${app.port}` }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    },
  )
  const what = `${key}${query} ${JSON.stringify(body)}: ${text}`
  assert.equal(status, 400, what)
  assert.equal((JSON.parse(text) as Problem).code, 'invalid_payload', what)
  assert.deepEqual(
    statements.filter((name) => !name.startsWith('auth/')),
    [],
    what,
  )
}

describe('Filters, orders and operators, as nobody means them', () => {
  const operations = Object.entries(OPERATIONS) as [string, Operation][]
  for (const [key, operation] of operations) {
    const { query, body, credentials } = operation
    if (query) {
      it(`are refused in the query of ${key}`, async () => {
        const fitting = Object.entries(query.example as Record<string, string | number>)
        const search = (entries: [string, string][]) => `?${String(new URLSearchParams(entries))}`
        const right = fitting.map(([name, value]): [string, string] => [name, String(value)])
        for (const name of KEYS) await assertRefused(key, operation, search([...right, [name, '1']]))
        const numbers = Object.entries(query.schema.properties).filter(([, schema]) => isInteger(schema))
        for (const [name] of numbers) {
          for (const value of VALUES) await assertRefused(key, operation, search([[name, value]]))
          await assertRefused(
            key,
            operation,
            search([
              [name, '1'],
              [name, '2'],
            ]),
          )
          await assertRefused(key, operation, `?${name}[]=1`)
        }
      })
    }
    // What is signed is any JSON, and read after its signature: see callbacks.test.ts.
    if (body && !credentials.includes('webhook_signature')) {
      it(`are refused in the body of ${key}`, async () => {
        const right = body.example as Record<string, unknown>
        for (const name of 'patternProperties' in body.schema ? [] : KEYS) {
          const hostile = JSON.parse(JSON.stringify(right)) as object
          Object.defineProperty(hostile, name, { value: 1, enumerable: true })
          await assertRefused(key, operation, '', hostile)
        }
        for (const name of Object.keys(right)) {
          for (const part of PARTS.filter((one) => !mayBe(body.schema, name, one)))
            await assertRefused(key, operation, '', { ...right, [name]: part })
        }
      })
    }
  }
})

function isInteger(schema: TSchema): boolean {
  return (schema as { type?: string }).type === 'integer'
}

/** A schema, as far as it says what may stand in its place. */
interface Told {
  type?: string
  anyOf?: { type?: string }[]
  enum?: unknown
  properties?: object
  patternProperties?: Record<string, Told>
}

/** Whether anything may stand there, or any names: what people configure, or a model writes, is judged by whom it is for. */
function isFree({ type, anyOf, enum: values, properties, patternProperties }: Told): boolean {
  if (patternProperties !== undefined) return Object.values(patternProperties).some(isFree)
  return type === undefined ? !anyOf && !values : type === 'object' && properties === undefined
}

/** Null where it is allowed, anything where all is, and plain values by plain names where any names are. */
function mayBe(schema: TSchema, name: string, part: unknown): boolean {
  const property = (schema as TObject).properties[name] as Told | undefined
  if (property === undefined) return false
  if (isFree(property)) return property.type === undefined || isObject(part)
  if (part === null) return property.anyOf?.some(({ type }) => type === 'null') === true
  return property.patternProperties !== undefined && JSON.stringify(part) === '{"gt":1}'
}

function isObject(part: unknown): boolean {
  return typeof part === 'object' && part !== null && !Array.isArray(part)
}
