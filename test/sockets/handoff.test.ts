import assert from 'node:assert/strict'
import type { AdminConversation } from '../../protocol/admin.ts'
import type { Handoff, Team } from '../../protocol/records.ts'
import { startApp, type TestApp } from '../support/app.ts'
import { eventually } from '../support/eventually.ts'
import { addPerson, demoClient, JWT_SECRET, Person } from '../support/person.ts'
import { RestVisitor } from '../support/rest-visitor.ts'
import { ScriptedProvider } from '../support/scripted-provider.ts'
import { returning, Visitor } from '../support/visitor.ts'

describe('A visitor’s wish for a person', () => {
  let app: TestApp
  let model: ScriptedProvider
  let open: { close(): void }[]

  before(async () => {
    model = new ScriptedProvider()
    app = await startApp({
      provider: model,
      env: { JWT_SECRET },
      handoffLimits: { lookEvery: 50, lookAgain: 5, seenEvery: 50 },
    })
  })
  after(() => app.close())
  beforeEach(() => {
    open = []
    model.calls.clear()
  })
  afterEach(async () => {
    for (const one of open) one.close()
    await app.place.database.sequelize.query(
      `UPDATE conversations SET handoff = 'none' WHERE handoff = 'requested'`,
    )
  })

  const visit = async (auth: Record<string, unknown> = {}) => {
    const tab = new Visitor(app.url, auth)
    open.push(tab)
    return { tab, ready: await tab.ready() }
  }
  const told = async (tab: Visitor, wanted: Handoff) => {
    await tab.heard.take(({ event, args }) => {
      const [{ state, position }] = args as [Handoff]
      return event === 'handoff:changed' && state === wanted.state && position === wanted.position
    })
  }

  it('is asked over the socket, told to all its tabs, and known to one that comes later', async () => {
    const { tab, ready } = await visit()
    const { tab: other } = await visit(returning(ready))
    const asked = await tab.ask('handoff:request', { reason: 'My order arrived torn' })
    assert.deepEqual(asked, {
      ok: true,
      data: { state: 'requested', position: 1, team: { available: false } },
    })
    for (const one of [tab, other]) await told(one, { state: 'requested', position: 1 })
    const { ready: later } = await visit(returning(ready))
    assert.deepEqual([later.conversation?.handoff, later.conversation?.handoff_position], ['requested', 1])
    assert.deepEqual(await other.ask('handoff:withdraw', {}), { ok: true, data: { state: 'none' } })
    await told(tab, { state: 'none' })
  })

  it('reaches the inbox at once, and moves forward as those before it are taken', async () => {
    const { database } = app.place
    const kept = await addPerson(database, { client: await demoClient(database) })
    const dana = new Person(app.url, { token: kept.token })
    open.push(dana)
    await dana.connected
    await dana.get('inbox:watch', {})
    const [first, second] = [await visit(), await visit()]
    await first.tab.ask('handoff:request', { reason: 'My order arrived torn' })
    await second.tab.ask('handoff:request', {})
    await told(second.tab, { state: 'requested', position: 2 })
    const seen = await dana.heard.take(
      (one) =>
        (one.event === 'conversation:opened' || one.event === 'conversation:updated') &&
        one.args[0].conversation.session_id === first.ready.session_id &&
        one.args[0].conversation.handoff === 'requested',
    )
    const [{ conversation }] = seen.args as [{ conversation: AdminConversation }]
    const { requested_at, ...wish } = conversation.handoff_request!
    assert.deepEqual(wish, { by: 'visitor', reason: 'My order arrived torn' })
    assert.ok(Math.abs(Date.parse(requested_at) - Date.now()) < 60_000)
    await dana.get('conversation:take_over', { conversation_id: conversation.id })
    await told(first.tab, { state: 'with_agent' })
    await told(second.tab, { state: 'requested', position: 1 })
  })

  it('is told to a model as hopeful as it is: whether anybody is there', async () => {
    const { database } = app.place
    const result = async () => {
      const { tab } = await visit()
      await tab.send('m1', `I want a person, says ${String(Math.random())}`)
      const call = await model.calls.take()
      call.end({ calls: [{ id: 'c', name: 'hand_over', arguments: { reason: 'x' } }], stop: 'tools' })
      const next = await model.calls.take()
      next.end()
      await tab.ask('handoff:withdraw', {})
      return JSON.stringify(next.request.messages.at(-1))
    }
    await database.sequelize.query('UPDATE admins SET last_seen_at = NULL')
    assert.match(await result(), /Nobody of the team is there at the moment/)
    const kept = await addPerson(database, { client: await demoClient(database) })
    const dana = new Person(app.url, { token: kept.token })
    open.push(dana)
    await eventually(async () => assert.match(await result(), /number 1 in the queue/))
  })

  it('is refused in other words than its schema’s', async () => {
    const { tab } = await visit()
    for (const payload of [
      { reason: '' },
      { reason: ' ' },
      { reason: 7 },
      { reason: 'x'.repeat(501) },
      { why: 'x' },
    ]) {
      const refused = await tab.ask('handoff:request', payload as object)
      assert.equal(!refused.ok && refused.error.code, 'invalid_payload')
    }
  })

  it('can be asked and taken back by REST', async () => {
    const visitor = new RestVisitor(app.url)
    const { session_id } = await visitor.start()
    const path = `/api/v1/sessions/${session_id}/handoff`
    const asked = await visitor.ask<Handoff & { team: Team }>('POST', path, {
      reason: 'My order arrived torn',
    })
    const { team, ...handoff } = asked.body
    assert.deepEqual([asked.status, handoff], [200, { state: 'requested', position: 1 }])
    assert.equal(typeof team.available, 'boolean')
    const { tab } = await visit(visitor.session)
    const back = await visitor.ask<Handoff>('DELETE', path)
    assert.deepEqual([back.status, back.body], [200, { state: 'none' }])
    await told(tab, { state: 'none' })
    const stranger = new RestVisitor(app.url)
    await stranger.start()
    for (const method of ['POST', 'DELETE'] as const) {
      const refused = await stranger.ask<{ code: string }>(method, path, method === 'POST' ? {} : undefined)
      assert.deepEqual([refused.status, refused.body.code], [401, 'session_invalid'])
    }
  })
})
