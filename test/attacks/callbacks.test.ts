import assert from 'node:assert/strict'
import { randomBytes, randomUUID } from 'node:crypto'
import { RATES } from '../../protocol/limits.ts'
import { CALLBACK_BYTES } from '../../protocol/tools.ts'
import { createSecrets } from '../../server/infra/secrets.ts'
import { createWebhookSecret, webhookHeaders } from '../../server/tools/n8n/sign.ts'
import { startApp, type TestApp } from '../support/app.ts'
import { EventReader } from '../support/event-reader.ts'
import { makeClient } from '../support/factories.ts'
import { addPerson, demoClient, JWT_SECRET, Person } from '../support/person.ts'
import { ScriptedProvider } from '../support/scripted-provider.ts'
import { Visitor } from '../support/visitor.ts'
import { giveSecret, makeCall, signed } from '../tools/callbacks/awaiting-call.ts'

const KEY = randomBytes(32)
const secrets = createSecrets({ encryption: KEY, encryptionPrevious: null })
const SAID = JSON.stringify({ result: { refunded: 'to the card of somebody' } })
const now = () => Math.floor(Date.now() / 1_000)

describe('A result brought to us', () => {
  let app: TestApp
  let model: ScriptedProvider
  let demo: { id: string }
  let secret: string
  before(async () => {
    model = new ScriptedProvider()
    const env = {
      ENCRYPTION_KEY: KEY.toString('hex'),
      JWT_SECRET,
      RATE_LIMITS: 'on',
      TRUSTED_PROXIES: '127.0.0.1',
    }
    app = await startApp({ provider: model, env })
    demo = await demoClient(app.place.database)
    secret = await giveSecret(app.place.database, demo.id, secrets)
  })
  after(() => app.close())

  /** From an address of its own each time, so that no limit is about this. */
  let senders = 0
  const post = async (id: string, headers: Record<string, string>, body: string | Buffer = SAID) => {
    senders++
    const response = await fetch(`${app.url}/api/v1/callbacks/${id}`, {
      method: 'POST',
      headers: { ...headers, 'x-forwarded-for': `198.51.${senders >> 8}.${senders & 255}` },
      body: new Uint8Array(Buffer.from(body)),
    })
    const { code = 'kept' } = (await response.json()) as { code?: string }
    return `${response.status} ${code}`
  }
  const call = (settings?: Parameters<typeof makeCall>[2]) => makeCall(app.place.database, demo.id, settings)
  const tables = async () => {
    const [rows] = await app.place.database.sequelize.query(
      `SELECT (SELECT count(*) FROM messages WHERE role = 'tool')::int AS messages,
        (SELECT count(*) FROM tool_executions WHERE late_at IS NOT NULL)::int AS brought`,
    )
    return rows[0]
  }

  it('is refused unsigned, half signed, altered, old, from the future, and signed by anybody else', async () => {
    const id = await call()
    const other = await makeClient(app.place.database)
    const theirs = await giveSecret(app.place.database, other.id, secrets)
    const good = signed(SAID, secret)
    const at = (seconds: number) => webhookHeaders({ id: 'msg_1', seconds, body: SAID }, secret)
    const before = await tables()
    const without = (name: keyof typeof good) =>
      Object.fromEntries(Object.entries(good).filter(([header]) => header !== name))
    const forged: Record<string, Record<string, string>> = {
      unsigned: {},
      'without an id': without('webhook-id'),
      'without a time': without('webhook-timestamp'),
      'without a signature': without('webhook-signature'),
      'with another id': { ...good, 'webhook-id': 'msg_2' },
      'with another time': { ...good, 'webhook-timestamp': String(Number(good['webhook-timestamp']) - 1) },
      'with a time that is none': { ...good, 'webhook-timestamp': 'Infinity' },
      'with a time of another form': { ...good, 'webhook-timestamp': `${good['webhook-timestamp']}.0` },
      'with another signature': signed(SAID, createWebhookSecret()),
      'with another client’s signature': signed(SAID, theirs),
      'with a signature of another version': {
        ...good,
        'webhook-signature': good['webhook-signature'].replace('v1,', 'v2,'),
      },
      'with an empty signature': { ...good, 'webhook-signature': 'v1,' },
      'with a signature of other words': { ...signed(`${SAID} `, secret) },
      'with a bearer token': { authorization: `Bearer ${secret}` },
      'of six minutes ago': at(now() - 360),
      'of in six minutes': at(now() + 360),
    }
    for (const [how, headers] of Object.entries(forged))
      assert.equal(await post(id, headers), '401 unauthorized', how)
    assert.equal(await post(id, good, SAID.replace('somebody', 'me')), '401 unauthorized')
    assert.equal(await post(id, good, ` ${SAID}`), '401 unauthorized')
    assert.deepEqual(await tables(), before)
    const several = { ...good, 'webhook-signature': `v1a,x v1,AAAA ${good['webhook-signature']}` }
    assert.equal(await post(id, several), '200 kept')
    assert.equal(await post(id, good), '200 kept')
    const { messages, brought } = (await tables()) as { messages: number; brought: number }
    const earlier = before as { messages: number; brought: number }
    assert.deepEqual([messages, brought], [earlier.messages + 1, earlier.brought + 1])
  })

  it('is refused where nobody waits for it: unknown, expired, of a client that is shut, of a chat that is over', async () => {
    for (const id of [randomUUID(), 'x', '..', '%2e%2e', "' OR 1=1 --", '0'.repeat(4_000)]) {
      const answer = await post(encodeURIComponent(id), signed(SAID, secret))
      assert.match(answer, /^(404 not_found|405 method_not_allowed|431)/, id)
    }
    const run = (text: string, values: unknown[]) =>
      app.place.database.run({ name: `test/${randomUUID()}`, text }, values)
    const old = await call()
    await run(`UPDATE tool_executions SET "timestamp" = "timestamp" - interval '8 days' WHERE id = $1`, [old])
    assert.equal(await post(old, signed(SAID, secret)), '410 callback_expired')
    const over = await call()
    await run(
      `UPDATE conversations SET state = 'ended' WHERE id = (SELECT conversation_id FROM tool_executions WHERE id = $1)`,
      [over],
    )
    assert.equal(await post(over, signed(SAID, secret)), '409 conversation_ended')
    const settled = await call({ outcome: { status: 200, kind: 'json', body: { done: true } } })
    assert.equal(await post(settled, signed(SAID, secret)), '409 result_settled')
    const shut = await makeClient(app.place.database, { status: 'inactive' })
    const theirs = await giveSecret(app.place.database, shut.id, secrets)
    const ofShut = await makeCall(app.place.database, shut.id)
    assert.equal(await post(ofShut, signed(SAID, theirs)), '401 client_unknown')
    const gone = await call({ conversation_id: randomUUID() })
    assert.equal(await post(gone, signed(SAID, secret)), '404 not_found')
  })

  it('is refused where it is no result, or too large', async () => {
    const id = await call()
    const deep = '['.repeat(30_000) + ']'.repeat(30_000)
    for (const body of [
      ...['', 'null', '[]', '{}', '"done"', '{"result":1,"error":"x"}', '{"error":""}', '{"result":1,"x":2}'],
      ...[
        '{"error":7}',
        '{"result":',
        `{"result":"${String.fromCharCode(7)}"}`,
        '{"__proto__":{"result":1}}',
      ],
      Buffer.from([0x7b, 0xff, 0x7d]),
    ])
      assert.equal(await post(id, signed(body, secret), body), '400 invalid_payload', body.toString())
    const large = JSON.stringify({ result: 'x'.repeat(CALLBACK_BYTES) })
    assert.equal(await post(id, signed(large, secret), large), '413 payload_too_large')
    const fits = `{"result":${deep}}`.padEnd(CALLBACK_BYTES - 100)
    assert.ok(fits.length > 32 * 1024)
    assert.equal(await post(id, signed(fits, secret), fits), '200 kept')
  })

  it('may be signed with the secret that another one replaces, for a day', async () => {
    const old = secret
    secret = await giveSecret(app.place.database, demo.id, secrets)
    assert.equal(await post(await call(), signed(SAID, old)), '200 kept')
    assert.equal(await post(await call(), signed(SAID, secret)), '200 kept')
    await app.place.database.run(
      { name: 'test/later', text: `UPDATE clients SET webhook_secret_previous_until = now() WHERE id = $1` },
      [demo.id],
    )
    assert.equal(await post(await call(), signed(SAID, old)), '401 unauthorized')
  })

  it('does not come again and again: however well it is signed', async () => {
    const [first] = await app.place.database.run<{ conversation_id: string }>(
      { name: 'test/of', text: 'SELECT conversation_id FROM tool_executions WHERE id = $1' },
      [await call()],
    )
    const answers: string[] = []
    for (let times = 0; times <= RATES.conversationCallbacks.most; times++) {
      const id = await call({ conversation_id: first!.conversation_id })
      answers.push(await post(id, signed(SAID, secret)))
    }
    assert.equal(answers.at(-1), '429 rate_limited')
    assert.deepEqual(new Set(answers.slice(0, -1)), new Set(['200 kept']))
  })

  it('is told to people of the business, and of it nothing to the visitor but that there is something', async () => {
    const visitor = new Visitor(app.url)
    const ready = await visitor.ready()
    const kept = await addPerson(app.place.database, { role: 'agent', client: demo })
    const person = new Person(app.url, { token: kept.token })
    try {
      await person.connected
      await visitor.send('m1', 'I want my money back')
      const synced = await visitor.ask('session:sync', { last_seq: 0 })
      const conversation_id = synced.ok ? (synced.data.conversation?.id ?? '') : ''
      await person.get('conversation:watch', { conversation_id })
      const asked = await model.calls.take(({ request }) =>
        JSON.stringify(request.messages).includes('money back'),
      )
      asked.say('It is in progress.')
      asked.end()
      await visitor.next('reply:end')
      const id = await call({ conversation_id })
      const stream = new EventReader(`${app.url}/api/v1/sessions/${ready.session_id}/events`, {
        headers: { authorization: `Bearer ${ready.session_token}` },
      })
      await stream.next('session:ready')
      assert.equal(await post(id, signed(SAID, secret)), '200 kept')
      const late = await model.calls.take(({ request }) =>
        JSON.stringify(request.messages).includes('of somebody'),
      )
      late.say('You have your money.')
      late.end()
      await visitor.next('reply:end')
      await stream.next('reply:end')
      stream.close()

      const told = await person.heard.take(
        ({ event, args }) => event === 'message:created' && args[0].message.role === 'tool',
      )
      assert.match(JSON.stringify(told), /of somebody.*"name":"refund","arguments":\{"order":"1001"\}/)
      const history = await person.get('history:load', { conversation_id, before_seq: 4 })
      assert.match(JSON.stringify(history), /of somebody/)

      const back = new Visitor(app.url, { session_id: ready.session_id, session_token: ready.session_token })
      const again = await back.ready()
      back.close()
      const rest = await fetch(`${app.url}/api/v1/sessions/${ready.session_id}/history`, {
        headers: { authorization: `Bearer ${ready.session_token}` },
      })
      const pages: unknown[] = [again, await rest.json(), await visitor.ask('session:sync', { last_seq: 0 })]
      for (const page of [...pages, visitor.heard.all, stream.heard.all]) {
        const text = JSON.stringify(page)
        assert.match(text, /"seq":3,"role":"system","content":""|message:created/)
        assert.ok(!/of somebody|refund|"tool"|callback/.test(text), text)
      }
      assert.deepEqual(
        again.messages.map(({ seq, role, answers_to: to }) => to ?? `${seq} ${role}`),
        [...['1 user', 1, '3 system', 3]],
      )
    } finally {
      visitor.close()
      person.close()
    }
  })
})
