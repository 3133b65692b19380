import assert from 'node:assert/strict'
import type { Message } from '../../protocol/records.ts'
import { startApp, type TestApp } from '../support/app.ts'
import { RestVisitor, type Answered } from '../support/rest-visitor.ts'
import { ScriptedProvider } from '../support/scripted-provider.ts'

const REQUESTS: [what: string, body: object][] = [
  ['messages', { client_message_id: 'm1', text: 'Hello' }],
  ['stop', { turn: 1 }],
  ['typing', { typing: true }],
  ['handoff', { reason: 'My order is torn' }],
  ['start', {}],
]

describe('What a socket can ask, asked by REST', () => {
  let app: TestApp
  let visitor: RestVisitor
  const model = new ScriptedProvider()

  before(async () => {
    app = await startApp({ provider: model })
  })
  after(() => app.close())
  beforeEach(async () => {
    visitor = new RestVisitor(app.url)
    await visitor.start()
  })

  const send = (text: string, client_message_id = 'm1') =>
    visitor.post<{ message: Message; code?: string }>('messages', { client_message_id, text })

  it('sends a message once, however often it is sent', async () => {
    const { status, body } = await send('Hello')
    assert.deepEqual([status, body.message.seq, body.message.content], [200, 1, 'Hello'])
    assert.deepEqual((await send('Hello')).body, body)
    const other = await send('Goodbye')
    assert.deepEqual([other.status, other.body.code], [409, 'message_id_reused'])
    assert.deepEqual((await visitor.history()).body.messages, [body.message])
  })

  it('begins a conversation, which ends the one before', async () => {
    const first = await visitor.post<{ conversation: { id: string } }>('start', {})
    const same = await visitor.post<{ conversation: { id: string } }>('start', {})
    assert.equal(same.body.conversation.id, first.body.conversation.id, 'an empty one is kept')
    await send('Hello')
    const second = await visitor.post<{ conversation: { id: string } }>('start', {})
    assert.notEqual(second.body.conversation.id, first.body.conversation.id)
    assert.deepEqual((await visitor.history()).body.messages, [])
  })

  for (const [what, body] of REQUESTS) {
    it(`refuses ${what} of strangers, of foreign sites, and what does not fit`, async () => {
      const { session_id } = visitor.session
      const path = `/api/v1/sessions/${session_id}/${what}`
      const stranger = new RestVisitor(app.url)
      await stranger.start()
      const refusals: [asked: Promise<Answered<{ code: string }>>, status: number, code: string][] = [
        [stranger.ask('POST', path, body), 401, 'session_invalid'],
        [new RestVisitor(app.url).ask('POST', path, body), 401, 'unauthorized'],
        [visitor.ask('POST', path, body, { origin: 'https://evil.example' }), 403, 'origin_not_allowed'],
        [visitor.ask('POST', path, { ...body, session_id }), 400, 'invalid_payload'],
        [visitor.ask('POST', path, []), 400, 'invalid_payload'],
      ]
      for (const [asked, status, code] of refusals) {
        const answered = await asked
        assert.deepEqual([answered.status, answered.body.code], [status, code])
      }
      assert.deepEqual((await visitor.history()).body.messages, [])
    })
  }
})
