import assert from 'node:assert/strict'
import { keptOf } from '../support/heart.ts'
import { startApp, type TestApp } from '../support/app.ts'
import { RestVisitor } from '../support/rest-visitor.ts'
import { ScriptedProvider } from '../support/scripted-provider.ts'
import { Visitor } from '../support/visitor.ts'

describe('A node that runs as many turns as it may', () => {
  const model = new ScriptedProvider()
  const tabs: Visitor[] = []
  let app: TestApp

  before(async () => {
    app = await startApp({ provider: model, env: { RATE_LIMITS: 'on', MAX_TURNS: '1' } })
  })
  after(() => app.close())
  afterEach(() => {
    for (const tab of tabs.splice(0)) tab.close()
  })

  async function visit() {
    const tab = new Visitor(app.url)
    tabs.push(tab)
    return { tab, ready: await tab.ready() }
  }

  /** Somebody is being answered; `end` ends it. */
  async function occupied() {
    const { tab } = await visit()
    await tab.send('m1', 'Take your time')
    const call = await model.calls.take()
    call.say('Well')
    await tab.next('reply:delta')
    const end = async () => {
      call.end()
      await tab.next('reply:end')
    }
    return { tab, end }
  }

  const kept = async (session_id: string) =>
    (await keptOf<{ content: string }>(app.place.database, { id: session_id }, 'messages', 'seq')).map(
      ({ content }) => content,
    )

  async function metric(name: string): Promise<number> {
    const text = await (await fetch(`${app.url}/metrics`)).text()
    return Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1])
  }

  it('refuses a message that would begin another, with a time, saves nothing, and takes it later, once', async () => {
    const { end } = await occupied()
    const { tab, ready } = await visit()
    const ask = () => tab.ask('message:send', { client_message_id: 'm1', text: 'Hello' })
    // More often than a visitor may write in a minute: who was not heard has not written.
    for (let tries = 0; tries < 15; tries++) {
      const answer = await ask()
      assert.ok(!answer.ok)
      const { code, retryable, retry_after_ms = 0 } = answer.error
      assert.deepEqual([code, retryable], ['busy', true])
      assert.ok(retry_after_ms >= 1_000 && retry_after_ms <= 3_000)
    }
    assert.deepEqual(await kept(ready.session_id), [])
    assert.deepEqual(
      [await metric('parlor_busy'), await metric('parlor_messages_refused_busy_total')],
      [1, 15],
    )

    await end()
    assert.equal(await metric('parlor_busy'), 0)
    assert.equal((await ask()).ok, true)
    const call = await model.calls.take()
    // Now it is itself what keeps the node busy: its own repetition is no other message.
    assert.equal((await ask()).ok, true)
    call.say('Hello')
    call.end()
    await tab.next('reply:end')
    assert.deepEqual(await kept(ready.session_id), ['Hello', 'Hello'])
  })

  it('takes what is added to a turn that runs', async () => {
    const { tab, end } = await occupied()
    assert.equal((await tab.send('m2', 'And another thing')).seq, 2)
    const next = model.calls.take()
    await end()
    const call = await next
    call.say('That too.')
    call.end()
    await tab.next('reply:end')
  })

  it('refuses by REST with 503 and the seconds to wait, and begins no session for it', async () => {
    const { end } = await occupied()
    const sessions = () => app.place.database.sequelize.query('SELECT id FROM sessions')
    const [before] = await sessions()
    const newcomer = await fetch(`${app.url}/api/v1/chat`, {
      method: 'POST',
      body: JSON.stringify({ client_api_key: 'pk_demo', message: 'Hello' }),
    })
    assert.equal(newcomer.status, 503)
    const { code } = (await newcomer.json()) as { code: string }
    assert.equal(code, 'busy')
    const seconds = Number(newcomer.headers.get('retry-after'))
    assert.ok(seconds >= 1 && seconds <= 3)
    assert.equal((await sessions())[0].length, before.length)

    const known = new RestVisitor(app.url)
    const { session_id } = await known.start()
    const path = `/api/v1/sessions/${session_id}/messages`
    const saved = await known.ask<{ code: string }>('POST', path, { client_message_id: 'm1', text: 'Hello' })
    assert.deepEqual([saved.status, saved.body.code], [503, 'busy'])
    assert.deepEqual(await kept(session_id), [])
    await end()
  })
})
