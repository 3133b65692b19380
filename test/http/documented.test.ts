import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { after, before, describe, it } from 'mocha'
import type { ClientName } from '../../models/client.ts'
import { defineModels } from '../../models/index.ts'
import { signIn } from '../../protocol/operations/admin/signing-in.ts'
import { TEST_CALL_ID } from '../../protocol/operations/admin/test-chats.ts'
import { CALL_ID, CLIENT_ID, CONVERSATION } from '../../protocol/operations/examples.ts'
import { OPERATIONS } from '../../protocol/operations/index.ts'
import type { Operation } from '../../protocol/operations/operation.ts'
import type { SessionStarted } from '../../protocol/rest.ts'
import { identityPlace } from '../../server/auth/identity/identity-secrets.ts'
import { startSession } from '../../server/auth/start-session.ts'
import { createSecretKeys } from '../../server/auth/secret-keys.ts'
import type { Database } from '../../server/infra/database.ts'
import { createSecrets } from '../../server/infra/secrets.ts'
import { instantProvider } from '../attacks/instant-provider.ts'
import { cheapPasswords, makeAdmin } from '../support/admins.ts'
import { startApp, type TestApp } from '../support/app.ts'
import { makeSession } from '../support/factories.ts'
import { demoClient } from '../support/person.ts'
import { assertFits } from '../support/told-as-promised.ts'
import { keptTools, NOBODY_THERE } from './documented-tools.ts'
import { giveSecret, makeCall, signed } from '../tools/callbacks/awaiting-call.ts'

const FILE = '# Returns\n\nThings may be returned within 30 days.\n'

const KEY = randomBytes(32)

/** Makes the secret that signed the document's example this client's. */
async function trustExampleToken({ sequelize }: Database, name: ClientName): Promise<void> {
  const client = await defineModels(sequelize).Client.findOne({ where: name, rejectOnEmpty: true })
  const secrets = createSecrets({ encryption: KEY, encryptionPrevious: null })
  const secret = 'is_an-example-that-signs-for-no-client-at-all-000'
  await client.update({ identity_secret: secrets.seal(secret, identityPlace(client.id)) })
}

/** Lets the session have said yes to an example of the document before: the same again changes nothing. */
async function sayYesToExample(
  { sequelize }: Database,
  session_id: string,
  call_id: string = CALL_ID,
): Promise<void> {
  const id = call_id.slice(0, 36)
  await sequelize.query(
    `INSERT INTO conversations (id, client_id, session_id, state, ended_at)
     SELECT $1, client_id, id, 'ended', now() FROM sessions WHERE id = $2`,
    { bind: [id, session_id] },
  )
  await sequelize.query(
    `INSERT INTO tool_confirmations (call_id, conversation_id, turn, step, attempt, answers_to, tool_name, label,
       arguments, asked_at, expires_at, decided_at, approved, how)
     VALUES ($1, $2, 1, 0, 1, 1, 'refund', 'Refund', '{}', now(), now(), now(), true, 'visitor')`,
    { bind: [call_id, id] },
  )
}

/** A client that nobody else needs, a key of it, and somebody. Gives their ids, by the names that paths have for them. */
async function keptByPeople(database: Database): Promise<Record<string, string>> {
  const { Client, ...models } = defineModels(database.sequelize)
  const nothing = { domain: null, locale: null, provider: null, model: null }
  const secrets = { identity_secret: null, webhook_secret: null }
  await Client.create({ id: CLIENT_ID, name: 'Of the examples', ...nothing, ...secrets })
  const key = await createSecretKeys(database, { Client, ...models }).create({ id: CLIENT_ID }, 'kept')
  assert.ok(key.ok)
  const person = await makeAdmin(database)
  const session = await makeSession(database, { id: CLIENT_ID })
  const ids = { key_id: key.data.secretKey.id, person_id: person.id, visitor_id: session.visitor_id }
  return { client_id: CLIENT_ID, ...ids }
}

/** A test chat of that client, which has said yes to the example of one. Gives its id. */
async function keptTestChat(database: Database): Promise<string> {
  const { session } = await startSession(database, { id: CLIENT_ID, identity_required: false }, {})
  await defineModels(database.sequelize).TestChat.create({ session_id: session.id, client_id: CLIENT_ID })
  await sayYesToExample(database, session.id, TEST_CALL_ID)
  return session.id
}

/** What answers tell of what was made, for the examples that follow. */
interface Made {
  document?: { id: string }
  note?: { id: string }
  canned_reply?: { id: string }
  access_token?: string
}

describe('What the document says that comes back', () => {
  let app: TestApp
  let secretKey = ''
  let accessToken = ''
  let cookie = ''
  let webhookSecret = ''
  let session: SessionStarted
  /** Parts of paths, by the names that routes have for them. */
  const known: Record<string, string> = {}

  before(async function () {
    this.timeout(60_000)
    app = await startApp({
      provider: instantProvider,
      passwords: cheapPasswords(),
      env: { ENCRYPTION_KEY: KEY.toString('hex'), OUTBOUND_ALLOW: NOBODY_THERE },
    })
    const { database } = app.place
    const issued = await createSecretKeys(database, defineModels(database.sequelize)).create(
      { api_key: 'pk_demo' },
      'documented',
    )
    assert.ok(issued.ok)
    secretKey = issued.data.key
    const { email, password } = signIn.body.example
    await makeAdmin(database, { email, password, role: 'owner' })
    Object.assign(known, await keptByPeople(database))
    Object.assign(
      known,
      await keptTools(database, createSecrets({ encryption: KEY, encryptionPrevious: null })),
    )
    for (const name of [{ api_key: 'pk_demo' }, { id: CLIENT_ID }]) await trustExampleToken(database, name)
    const demo = await demoClient(database)
    known['callback_id'] = await makeCall(database, demo.id)
    const sealing = createSecrets({ encryption: KEY, encryptionPrevious: null })
    webhookSecret = await giveSecret(database, demo.id, sealing)
    const body = JSON.stringify({ client_api_key: 'pk_demo' })
    const started = await fetch(`${app.url}/api/v1/sessions/start`, { method: 'POST', body })
    session = (await started.json()) as SessionStarted
    known['session_id'] = session.session_id
    await sayYesToExample(database, session.session_id)
    known['conversation_id'] = CONVERSATION.id
    known['test_chat_id'] = await keptTestChat(database)
  })
  after(() => app.close())

  /** The example of an operation, asked for real. */
  function ask(
    key: string,
    { credentials, query, body, upload }: Operation,
    signal: AbortSignal,
  ): Promise<Response> {
    const [method = '', path = ''] = key.split(' ')
    const place = path.replace(/:(\w+)/g, (_, name: string) => known[name]!)
    const search = new URLSearchParams(query?.example as Record<string, string>)
    // The examples of what the publishable key opens carry it.
    const tokens = {
      ...{ session_token: session.session_token, secret_key: secretKey, access_token: accessToken },
      ...{ widget_key: undefined, refresh_cookie: undefined, webhook_signature: undefined },
    }
    const token = credentials[0] && tokens[credentials[0]]
    const said = body && JSON.stringify(body.example)
    return fetch(`${app.url}${place}?${String(search)}`, {
      method,
      signal,
      headers: {
        ...(upload && { 'content-type': upload.types[0]! }),
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
        ...(credentials.includes('webhook_signature') && signed(said ?? '', webhookSecret)),
        ...(credentials.includes('refresh_cookie') && { cookie, origin: app.url }),
      },
      ...(upload && { body: FILE }),
      ...(said !== undefined && { body: said }),
    })
  }

  for (const [key, operation] of Object.entries(OPERATIONS) as [string, Operation][]) {
    it(`does, when the example of ${key} is asked`, async () => {
      const { status, type = 'application/json', schema } = operation.success
      const leave = new AbortController()
      const response = await ask(key, operation, leave.signal)
      try {
        assert.equal(response.status, status, response.status < 400 ? '' : await response.text())
        assert.ok(response.headers.get('content-type')?.startsWith(type))
        if (type !== 'application/json') return
        const data = (await response.json()) as Made
        assertFits(schema, data, key)
        cookie = /parlor_refresh=[^;]+/.exec(response.headers.get('set-cookie') ?? '')?.[0] ?? cookie
        accessToken = data.access_token ?? accessToken
        for (const thing of ['document', 'note'] as const)
          if (data[thing]) known[`${thing}_id`] = data[thing].id
        if (data.canned_reply) known['reply_id'] = data.canned_reply.id
      } finally {
        leave.abort()
      }
    })
  }
})
