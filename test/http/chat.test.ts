import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { defineModels } from '../../models/index.ts'
import { createSecretKeys } from '../../server/auth/secret-keys.ts'
import type { ScriptedCall } from '../support/scripted-provider.ts'
import { startApp, type TestApp } from '../support/app.ts'
import { makeClient } from '../support/factories.ts'
import { keptOf } from '../support/heart.ts'
import { RestVisitor } from '../support/rest-visitor.ts'
import { ScriptedProvider } from '../support/scripted-provider.ts'

interface Kept {
  role: string
  content: string
}

describe('POST /api/v1/chat', () => {
  let app: TestApp
  let model: ScriptedProvider

  before(async () => {
    model = new ScriptedProvider()
    app = await startApp({ provider: model })
  })
  after(() => app.close())
  beforeEach(() => model.calls.clear())

  const visitor = (headers: Record<string, string> = {}) => new RestVisitor(app.url, null, headers)
  const kept = ({ session_id }: { session_id: string }) =>
    keptOf<Kept>(app.place.database, { id: session_id }, 'messages', 'seq')

  it('begins a session for who has none, waits, and answers with what the message came to', async () => {
    const someone = visitor()
    const answered = someone.chat('Hello')
    say(await model.calls.take(), 'Good morning')
    const { status, body, headers } = await answered
    assert.equal(status, 200)
    assert.equal(headers.get('cache-control'), 'no-store')
    assert.match(body.session_token ?? '', /^[\w-]{43}$/)
    assert.match(body.client_message_id, /^[0-9a-f-]{36}$/)
    assert.deepEqual([body.response, body.handled_by, body.tool_calls_made], ['Good morning', 'assistant', 0])
    assert.deepEqual([body.message?.answers_to, body.message?.status], [1, 'complete'])
    const again = someone.chat('And another thing')
    say(await model.calls.take(), 'Yes?')
    const second = (await again).body
    assert.deepEqual([second.response, second.session_token], ['Yes?', undefined])
    assert.equal(second.session_id, body.session_id)
  })

  it('says how many tools the answer took', async () => {
    const answered = visitor().chat('What may I send back?')
    const question = { id: 'c1', name: 'search_knowledge', arguments: { query: 'returns' } }
    ;(await model.calls.take()).end({ text: '', stop: 'tools', calls: [question] })
    const call = await model.calls.take()
    assert.match(JSON.stringify(call.request.messages.at(-1)), /c1/)
    say(call, 'Nearly everything.')
    const { body } = await answered
    assert.deepEqual([body.response, body.tool_calls_made], ['Nearly everything.', 1])
  })

  it('answers at once when the same is sent again, from what is kept, and refuses another text', async () => {
    const someone = visitor()
    const first = someone.chat('Hello', 'm1')
    say(await model.calls.take(), 'Good morning')
    const { body } = await first
    const again = await someone.chat('Hello', 'm1')
    assert.deepEqual({ ...again.body, session_token: body.session_token }, body)
    assert.equal(again.body.session_token, undefined)
    const other = await someone.chat('Goodbye', 'm1')
    assert.deepEqual([other.status, other.body.code], [409, 'message_id_reused'])
    assert.equal(model.calls.all.length, 1)
  })

  it('takes Idempotency-Key for the name of the message', async () => {
    const someone = visitor()
    await someone.start()
    const key = { 'idempotency-key': '"order-4711"' }
    const first = someone.chat('Hello', undefined, key)
    say(await model.calls.take(), 'Good morning')
    assert.equal((await first).body.client_message_id, 'order-4711')
    assert.equal((await someone.chat('Hello', 'order-4711')).body.response, 'Good morning')
    const wrong = await someone.chat('Hello', undefined, { 'idempotency-key': 'a b' })
    assert.equal(wrong.body.code, 'invalid_payload')
  })

  it('gives two who send the same at once the same answer, once', async () => {
    const one = visitor()
    const session = await one.start()
    const two = new RestVisitor(app.url, session)
    const both = Promise.all([one.chat('Hello', 'm1'), two.chat('Hello', 'm1')])
    say(await model.calls.take(), 'Good morning')
    const [first, second] = await both
    assert.deepEqual(first.body, second.body)
    assert.equal(model.calls.all.length, 1)
    assert.equal((await kept(session)).length, 2)
  })

  it('gives messages that were answered together the same answer', async () => {
    const someone = visitor()
    await someone.start()
    const first = someone.chat('Hello', 'm1')
    await model.calls.take()
    const second = someone.chat('Are you there?', 'm2')
    const joined = await model.calls.take()
    assert.equal(joined.request.messages.length, 2)
    say(joined, 'I am')
    assert.deepEqual((await first).body.message, (await second).body.message)
  })

  it('says that a person has the conversation, at once', async () => {
    const someone = visitor()
    const first = someone.chat('Hello', 'm1')
    say(await model.calls.take(), 'Good morning')
    const { session_id } = (await first).body
    await app.place.database.sequelize.query(
      `UPDATE conversations SET state = 'agent', epoch = epoch + 1, agent_id = gen_random_uuid() WHERE session_id = $1`,
      { bind: [session_id] },
    )
    const { status, body } = await someone.chat('A person, please', 'm2')
    assert.equal(status, 200)
    assert.deepEqual(body, {
      response: null,
      handled_by: 'agent',
      tool_calls_made: 0,
      session_id,
      client_message_id: 'm2',
    })
  })

  it('says what it was where it was stopped, has failed, or broke off with the conversation', async () => {
    const someone = visitor()
    await someone.start()
    const stopped = someone.chat('Tell me', 'm1')
    const call = await model.calls.take()
    call.say('Once upon')
    assert.deepEqual((await someone.post('stop', { turn: 1 })).body, { stopped: true })
    const told = (await stopped).body
    assert.deepEqual([told.response, told.message?.status], ['Once upon', 'stopped'])
    const failed = someone.chat('Again', 'm2')
    ;(await model.calls.take()).end({ text: '' })
    const fault = (await failed).body
    assert.deepEqual([fault.message?.status, fault.failure], ['failed', 'empty_answer'])
    assert.ok(fault.response, 'with words for the visitor')
    const broken = someone.chat('Once more', 'm3')
    ;(await model.calls.take()).say('Well')
    await someone.end()
    const { body } = await broken
    assert.deepEqual(
      [body.response, body.message?.status, body.handled_by],
      ['Well', 'interrupted', 'assistant'],
    )
  })

  it('refuses sessions of others, unknown clients, foreign sites and what is no message', async () => {
    const hers = await visitor().start()
    const his = await visitor().start()
    const body = { client_api_key: 'pk_demo', message: 'Hello' }
    const token = (of: { session_token: string }) => ({ authorization: `Bearer ${of.session_token}` })
    const refusals: [body: object, headers: Record<string, string>, status: number, code: string][] = [
      [{ ...body, session_id: hers.session_id }, {}, 401, 'unauthorized'],
      [{ ...body, session_id: hers.session_id }, token(his), 401, 'session_invalid'],
      [{ ...body, session_id: randomUUID() }, token(his), 401, 'session_invalid'],
      [body, token(his), 400, 'invalid_payload'],
      [{ ...body, client_api_key: 'pk_nobody' }, {}, 401, 'client_unknown'],
      [{ message: 'Hello' }, {}, 400, 'invalid_payload'],
      [{ ...body, message: ' ' }, {}, 400, 'invalid_payload'],
      [{ ...body, message: 'x'.repeat(4_001) }, {}, 400, 'invalid_payload'],
      [{ ...body, role: 'agent' }, {}, 400, 'invalid_payload'],
      [{ ...body, message: 'x'.repeat(33_000) }, {}, 413, 'payload_too_large'],
      [body, { origin: 'https://evil.example' }, 403, 'origin_not_allowed'],
      [body, { origin: 'null' }, 403, 'origin_not_allowed'],
      [
        { ...body, session_id: his.session_id },
        { ...token(his), origin: 'https://evil.example' },
        403,
        'origin_not_allowed',
      ],
      [body, { 'last-event-id': 'x' }, 400, 'invalid_payload'],
    ]
    for (const [asked, headers, status, code] of refusals) {
      for (const accept of ['application/json', 'text/event-stream']) {
        const told = await visitor().ask<{ code: string }>('POST', '/api/v1/chat', asked, {
          accept,
          ...headers,
        })
        assert.deepEqual(
          [told.status, told.body.code],
          [status, code],
          JSON.stringify([asked, headers]).slice(0, 300),
        )
        assert.equal(told.headers.get('content-type'), 'application/problem+json')
      }
    }
    assert.equal(model.calls.all.length, 0)
  })

  it('lets pages of allowed sites ask and read', async () => {
    const origin = 'http://localhost:5173'
    const asks = 'authorization, content-type, idempotency-key, last-event-id'
    const preflight = await fetch(`${app.url}/api/v1/chat`, {
      method: 'OPTIONS',
      headers: {
        origin,
        'access-control-request-method': 'POST',
        'access-control-request-headers': asks,
      },
    })
    const allowed = (preflight.headers.get('access-control-allow-headers') ?? '').split(', ')
    assert.deepEqual(
      asks.split(', ').filter((name) => !allowed.includes(name)),
      [],
    )
    const answered = visitor({ origin }).chat('Hello')
    say(await model.calls.take(), 'Good morning')
    assert.equal((await answered).headers.get('access-control-allow-origin'), origin)
  })

  describe('with a secret key', () => {
    let key: string
    let foreignKey: string

    before(async () => {
      const { database } = app.place
      key = await makeKey('pk_demo')
      const other = await makeClient(database)
      foreignKey = await makeKey(other.api_key)
    })

    const makeKey = async (apiKey: string) => {
      const { database } = app.place
      const keys = createSecretKeys(database, defineModels(database.sequelize))
      const issued = await keys.create({ api_key: apiKey }, 'test')
      assert.ok(issued.ok)
      return issued.data.key
    }
    const ask = (body: object, secret = key) =>
      visitor().ask<Record<string, unknown>>('POST', '/api/v1/chat', body, {
        authorization: `Bearer ${secret}`,
        origin: 'https://anywhere.example',
      })

    it('speaks for any visitor of its client, by the client’s own name for him', async () => {
      const first = ask({ message: 'Hello', user_id: 'customer-7' })
      say(await model.calls.take(), 'Good morning')
      const { status, body, headers } = await first
      assert.equal(status, 200)
      assert.equal(headers.get('access-control-allow-origin'), null)
      const second = ask({ message: 'More', session_id: body['session_id'] })
      say(await model.calls.take(), 'Here')
      assert.equal((await second).body['response'], 'Here')
      const [rows] = await app.place.database.sequelize.query(
        `SELECT user_identifier FROM conversations WHERE session_id = $1`,
        { bind: [body['session_id']] },
      )
      assert.deepEqual(rows, [{ user_identifier: 'customer-7' }])
    })

    it('is refused where it is none, or the session is another client’s', async () => {
      const { session_id } = await visitor().start()
      const cases: [body: object, secret: string, status: number, code: string][] = [
        [{ message: 'Hello' }, 'sk_wrong', 401, 'unauthorized'],
        [{ message: 'Hello', session_id }, foreignKey, 404, 'not_found'],
        [{ message: 'Hello', session_id: randomUUID() }, key, 404, 'not_found'],
        [{ message: 'Hello', client_api_key: 'pk_demo' }, foreignKey, 401, 'client_unknown'],
      ]
      for (const [body, secret, status, code] of cases) {
        const told = await ask(body, secret)
        assert.deepEqual([told.status, told.body['code']], [status, code])
      }
    })
  })
})

describe('POST /api/v1/chat, when the answer takes too long', () => {
  let app: TestApp
  const model = new ScriptedProvider()

  before(async () => {
    app = await startApp({ provider: model, answerLimits: { wait: 1_500, stream: 1_500 } })
  })
  after(() => app.close())
  beforeEach(() => model.calls.clear())

  it('gives up after so long, saying how to go on, and goes on: while it runs, and when it is over', async () => {
    const someone = new RestVisitor(app.url)
    const slow = someone.chat('Hello', 'm1')
    const call = await model.calls.take()
    const late = await slow
    assert.equal(late.status, 504)
    assert.equal(late.headers.get('content-type'), 'application/problem+json')
    assert.equal(late.body.code, 'answer_timeout')
    assert.equal(late.body.client_message_id, 'm1')
    assert.match(late.body.session_token ?? '', /^[\w-]{43}$/)
    const waiting = someone.chat('Hello', 'm1')
    say(call, 'Here at last')
    assert.equal((await waiting).body.response, 'Here at last')
    assert.equal((await someone.chat('Hello', 'm1')).body.response, 'Here at last')
    assert.equal((await someone.history()).body.messages.length, 2)
    assert.equal(model.calls.all.length, 1)
  })

  it('ends a stream too after so long, with a problem that says how to go on', async () => {
    const someone = new RestVisitor(app.url)
    await someone.start()
    const reader = someone.streamChat('Hello', 'm1')
    const call = await model.calls.take()
    call.say('Once upon')
    const problem = await reader.next('problem')
    assert.equal(problem.code, 'answer_timeout')
    assert.equal(await reader.ended, true)
    const back = someone.streamChat('Hello', 'm1', { 'last-event-id': reader.lastId })
    await back.next('chat:accepted')
    call.say(' a time')
    call.end()
    const { turn, message } = await back.next('reply:end')
    assert.equal(back.streamed(turn, 'Once upon'), message.content)
    someone.close()
  })
})

function say(call: ScriptedCall, text: string): void {
  call.say(text)
  call.end()
}
