import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { pino } from 'pino'
import { QueryTypes } from 'sequelize'
import { defineModels } from '../../models/index.ts'
import type { SessionStarted } from '../../protocol/rest.ts'
import { createSecretKeys } from '../../server/auth/secret-keys.ts'
import { describeError } from '../../server/infra/logger.ts'
import { ask, type Answer, type Ask } from '../http/raw-http.ts'
import { AdminBrowser, signedIn } from '../support/admin-browser.ts'
import { cheapPasswords, makeAdmin } from '../support/admins.ts'
import { startApp, type TestApp } from '../support/app.ts'
import { eventually } from '../support/eventually.ts'
import { Person } from '../support/person.ts'
import { SHARED_SECRETS } from '../support/shared-secrets.ts'
import { Visitor } from '../support/visitor.ts'

/** Secrets, and what people are and say: each is looked for wherever it must not be. */
const CANARY = {
  modelKey: 'sk-ant-canary-of-the-model',
  wrongKey: `sk_${'canary'.repeat(8).slice(0, 43)}`,
  wrongToken: `canary${'t'.repeat(37)}`,
  words: 'canary-words-of-a-visitor',
  name: 'canary-name-of-a-visitor',
  address: '203.0.113.201',
  query: 'canary-of-a-query',
  path: 'canary-of-a-path',
  password: 'canary-password-of-an-admin',
  wrongPassword: 'canary-password-that-is-wrong',
  wrongField: 'canary-password-in-the-wrong-field',
}

describe('A canary', () => {
  let app: TestApp
  let vendor: Server
  let session: SessionStarted
  let secretKey = ''
  /** What an admin shows or is given, and what is kept of the password. */
  const ofAdmin: Record<string, string> = {}
  let passwordHash = ''
  const log: string[] = []
  const errors: string[] = []

  before(async function () {
    this.timeout(60_000)
    // A vendor that is as careless as can be: it repeats the key and the words in its error.
    vendor = createServer((request, response) => {
      const chunks: Buffer[] = []
      request.on('data', (chunk: Buffer) => chunks.push(chunk))
      request.on('end', () => {
        const message = `${String(request.headers['x-api-key'])} ${Buffer.concat(chunks).toString()}`
        const error = { type: 'error', error: { type: 'authentication_error', message } }
        response.writeHead(401, { 'content-type': 'application/json' }).end(JSON.stringify(error))
      })
    }).listen(0, '127.0.0.1')
    await once(vendor, 'listening')
    const { port } = vendor.address() as AddressInfo
    app = await startApp({
      passwords: cheapPasswords(),
      log: pino({ level: 'trace', serializers: { err: describeError } }, { write: (line) => log.push(line) }),
      env: {
        LLM_PROVIDER: 'claude',
        ANTHROPIC_API_KEY: CANARY.modelKey,
        ANTHROPIC_BASE_URL: `http://127.0.0.1:${port}`,
        TRUSTED_PROXIES: '127.0.0.1',
        RATE_LIMITS: 'on',
      },
    })
    const { database } = app.place
    const issued = await createSecretKeys(database, defineModels(database.sequelize)).create(
      { api_key: 'pk_demo' },
      'canary',
    )
    assert.ok(issued.ok)
    secretKey = issued.data.key
    await live()
  })
  after(async () => {
    await app.close()
    vendor.close()
  })

  /** Everything that people do, rightly and wrongly. */
  async function live(): Promise<void> {
    const started = await send('/api/v1/sessions/start', { client_api_key: 'pk_demo', user_id: CANARY.name })
    session = JSON.parse(started) as SessionStarted
    const visitor = new Visitor(app.url, { ...session }, { 'x-forwarded-for': CANARY.address })
    await visitor.ready()
    await visitor.send('m1', CANARY.words)
    const [{ failure }] = await visitor.next('reply:end')
    assert.equal(failure, 'rejected')
    await visitor.ask('message:send', { client_message_id: 'm1', text: `${CANARY.words} again` })
    visitor.close()

    const chat = { message: CANARY.words, user_id: CANARY.name }
    await send('/api/v1/chat', chat, secretKey)
    await send('/api/v1/chat', chat, CANARY.wrongKey)
    await send('/api/v1/chat', { ...chat, session_id: CANARY.words }, secretKey)
    await send('/api/v1/chat', { [CANARY.words]: CANARY.words }, secretKey)
    await send(
      `/api/v1/sessions/${session.session_id}/messages`,
      { text: CANARY.words },
      session.session_token,
    )
    await send(`/api/v1/sessions/${session.session_id}/stop`, { turn: CANARY.words }, CANARY.wrongToken)
    await send(
      `/api/v1/sessions/${session.session_id}/history?${CANARY.query}=${CANARY.query}`,
      null,
      session.session_token,
    )
    await send(`/${CANARY.path}?${CANARY.query}=1`, null)
    await send('/api/v1/chat', `{"message": "${CANARY.words}`, secretKey)
    const wrong = new Visitor(app.url, { session_id: session.session_id, session_token: CANARY.wrongToken })
    await wrong.refused.take()
    wrong.close()
    await eventually(() => assert.ok(log.join().includes('rejected')))
    await administer()
  }

  async function administer(): Promise<void> {
    const made = await makeAdmin(app.place.database, { password: CANARY.password })
    passwordHash = made.password_hash
    const browser = new AdminBrowser(app.url)
    const keep = (answer: Answer) => {
      if (answer.status >= 400) errors.push(answer.body)
      else ofAdmin['accessToken'] = signedIn(answer).access_token
      for (const [name, value] of browser.cookies) ofAdmin[`${name} ${Object.keys(ofAdmin).length}`] = value
    }
    keep(await browser.signIn(made.email, CANARY.password))
    const thief = browser.copy()
    keep(await browser.refresh())
    const person = new Person(app.url, { token: ofAdmin['accessToken'] })
    await person.connected
    keep(await browser.refresh())
    const answers = [
      await browser.me(ofAdmin['accessToken']!),
      await browser.me(`${ofAdmin['accessToken']!}x`),
      await browser.signIn(made.email, CANARY.wrongPassword),
      await browser.signIn(CANARY.wrongField, CANARY.wrongPassword),
      await browser.ask('sign-in', {
        method: 'POST',
        body: JSON.stringify({ email: 1, password: CANARY.wrongPassword }),
      }),
      await thief.refresh(),
    ]
    await person.closed.take()
    for (const { status, body } of answers) if (status >= 400) errors.push(body)
    assert.equal(Object.keys(ofAdmin).length > 3, true)
  }

  async function send(path: string, body: object | string | null, token?: string): Promise<string> {
    const settings: Ask = {
      method: body === null ? 'GET' : 'POST',
      headers: { 'x-forwarded-for': CANARY.address, ...(token && { authorization: `Bearer ${token}` }) },
      ...(body !== null && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    }
    const answer = await ask(Number(new URL(app.url).port), path, settings)
    if (answer.status >= 400) errors.push(answer.body)
    return answer.body
  }

  const secrets = () => ({
    ...{ ...CANARY, ...ofAdmin, ...SHARED_SECRETS, secretKey, sessionToken: session.session_token },
  })

  it('is in no line of the log, at its most talkative', () => {
    assert.ok(log.length > 10)
    for (const [what, secret] of Object.entries({ ...secrets(), passwordHash })) {
      assert.deepEqual(
        log.filter((line) => line.includes(secret)),
        [],
        what,
      )
    }
  })

  it('is in no error that anybody is told', () => {
    assert.ok(errors.length >= 8)
    for (const [what, secret] of Object.entries({ ...secrets(), passwordHash })) {
      assert.deepEqual(
        errors.filter((text) => text.includes(secret)),
        [],
        what,
      )
    }
  })

  it('is in nothing that is public', async () => {
    const paths = [
      '/metrics',
      '/healthz',
      '/readyz',
      '/openapi.json',
      '/asyncapi.json',
      '/docs',
      '/api/v1/config?client_api_key=pk_demo',
      '/frame?client_api_key=pk_demo',
    ]
    for (const path of paths) {
      const text = await send(path, null)
      for (const [what, secret] of Object.entries(secrets()))
        assert.ok(!text.includes(secret), `${what} in ${path}`)
    }
  })

  it('that is a secret is in no table, so that no dump tells it', async () => {
    const { sequelize } = app.place.database
    const tables = await sequelize.query<{ name: string }>(
      `SELECT c.oid::regclass::text AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE n.nspname = 'public' AND c.relkind = 'r'`,
      { type: QueryTypes.SELECT },
    )
    assert.ok(tables.length > 10)
    let dump = ''
    for (const { name } of tables) {
      const rows = await sequelize.query<{ row: string }>(
        `SELECT row_to_json(t)::text AS row FROM ${name} t`,
        {
          type: QueryTypes.SELECT,
        },
      )
      dump += rows.map(({ row }) => row).join('\n')
    }
    const { words, name, ...others } = secrets()
    assert.ok(
      dump.includes(words) && dump.includes(name) && dump.includes(passwordHash),
      'what is to be kept is there',
    )
    for (const secret of Object.values(others)) {
      // Bytes are told in hex.
      for (const form of [secret, Buffer.from(secret).toString('hex')])
        assert.ok(!dump.includes(form), secret)
    }
  })
})
