import assert from 'node:assert/strict'
import { defineModels } from '../../models/index.ts'
import type { BusinessHours } from '../../protocol/business-hours.ts'
import type { Team } from '../../protocol/records.ts'
import { createClientsAi } from '../../server/clients/client-ai.ts'
import { createSchemaCompiler } from '../../server/infra/validate.ts'
import { startApp, type TestApp } from '../support/app.ts'
import { eventually } from '../support/eventually.ts'
import { addPerson, demoClient, JWT_SECRET, Person } from '../support/person.ts'
import { RestVisitor } from '../support/rest-visitor.ts'
import { ScriptedProvider } from '../support/scripted-provider.ts'
import { Visitor } from '../support/visitor.ts'

const ALWAYS: BusinessHours = {
  week: Object.fromEntries(
    ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'].map((day) => [
      day,
      [{ from: '00:00', to: '24:00' }],
    ]),
  ),
}

describe('The hours of a business', () => {
  let app: TestApp
  let model: ScriptedProvider
  let open: { close(): void }[]

  before(async () => {
    model = new ScriptedProvider()
    app = await startApp({
      provider: model,
      env: { JWT_SECRET },
      handoffLimits: { seenEvery: 20, seenFor: 200, teamKept: 1 },
    })
  })
  after(() => app.close())
  beforeEach(() => {
    open = []
    model.calls.clear()
  })
  afterEach(async () => {
    for (const one of open) one.close()
    await set(null)
  })

  async function set(hours: BusinessHours | null): Promise<void> {
    const { database } = app.place
    const parts = { compile: createSchemaCompiler(), providers: [] }
    const clients = createClientsAi(database, defineModels(database.sequelize), parts)
    const changed = await clients.change(
      { api_key: 'pk_demo' },
      { hours, time_zone: 'America/New_York', cache: false },
    )
    assert.ok(changed.ok)
  }
  const visit = async () => {
    const tab = new Visitor(app.url)
    open.push(tab)
    return { tab, ready: await tab.ready() }
  }
  const becomes = (wanted: Team) =>
    eventually(async () => assert.deepEqual((await visit()).ready.team, wanted))
  /** Open for an hour on one day soon, by the clocks of New York. */
  const soon = () => {
    const date = new Date(Date.now() + 3 * 86_400_000).toISOString().slice(0, 10)
    const hours = { week: {}, exceptions: { [date]: [{ from: '09:00', to: '10:00' }] } }
    const offset = /GMT(.*)$/.exec(
      new Intl.DateTimeFormat('en', { timeZone: 'America/New_York', timeZoneName: 'longOffset' }).format(
        new Date(`${date}T13:30:00Z`),
      ),
    )?.[1]
    return { hours, opens_at: new Date(`${date}T09:00:00${offset ?? ''}`).toISOString() }
  }

  it('are told to whoever comes, with when they begin again, and with the answer to a wish for a person', async () => {
    const { hours, opens_at } = soon()
    await set(hours)
    await becomes({ available: false, opens_at })
    const { tab } = await visit()
    const asked = await tab.ask('handoff:request', {})
    assert.deepEqual(asked.ok && asked.data, {
      ...{ state: 'requested', position: 1 },
      team: { available: false, opens_at },
    })
    const visitor = new RestVisitor(app.url)
    await visitor.start()
    const { body } = await visitor.post<{ team: Team }>('handoff', {})
    assert.deepEqual(body.team, { available: false, opens_at })
    const reader = visitor.listen()
    open.push(visitor)
    assert.deepEqual((await reader.next('session:ready')).team, { available: false, opens_at })
  })

  it('are not enough: somebody must be there; nor is somebody who is there outside of them', async () => {
    await set(ALWAYS)
    await becomes({ available: false })
    const kept = await addPerson(app.place.database, { client: await demoClient(app.place.database) })
    const dana = new Person(app.url, { token: kept.token })
    await dana.connected
    await becomes({ available: true })
    const { hours, opens_at } = soon()
    await set(hours)
    await becomes({ available: false, opens_at })
    await set(null)
    await becomes({ available: true })
    dana.close()
    await becomes({ available: false })
  })

  it('are told to the AI: in its prompt, and when it asks for a person', async () => {
    await set(soon().hours)
    const { tab } = await visit()
    await tab.send('m1', 'A person, please')
    const call = await model.calls.take()
    const until = /answer nobody until (\w+, \d+ \w+ \d+, 09:00, in America\/New_York)\./
    const [, when = ''] = until.exec(call.request.system.moment) ?? []
    assert.notEqual(when, '')
    const hand_over = { id: 'c1', name: 'hand_over', arguments: { reason: 'wants a person' } }
    call.end({ calls: [hand_over], stop: 'tools' })
    const { request } = await model.calls.take()
    const said = JSON.stringify(request.messages.at(-1))
    assert.ok(said.includes(`The team is closed until ${when}, so perhaps nobody comes`), said)
  })
})
