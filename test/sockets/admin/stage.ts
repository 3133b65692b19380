import { after, afterEach, before, beforeEach } from 'mocha'
import type { TurnLimits } from '../../../server/conversation/limits.ts'
import type { Database } from '../../../server/infra/database.ts'
import { startApp, type TestApp } from '../../support/app.ts'
import { addPerson, demoClient, JWT_SECRET, Person, type KeptPerson } from '../../support/person.ts'
import { ScriptedProvider } from '../../support/scripted-provider.ts'
import { Visitor } from '../../support/visitor.ts'

/** A server with the demo shop, visitors of it, and people who work there. */
export interface AdminStage {
  readonly model: ScriptedProvider
  readonly url: string
  readonly database: Database
  readonly shop: { id: string }
  /** A tab of a visitor, closed after the test. */
  visit(auth?: Record<string, unknown>): Visitor
  /** A visitor whose first message was saved, and who waits for the answer. */
  ask(text?: string): Promise<{ visitor: Visitor; conversation_id: string }>
  /** Somebody who has come in, closed after the test. */
  enter(as: Parameters<typeof addPerson>[1]): Promise<Person & { kept: KeptPerson }>
}

/** Starts it before the suite that calls this. */
export function adminStage(turnLimits: Partial<TurnLimits> = {}): AdminStage {
  const model = new ScriptedProvider()
  const open: { close(): void }[] = []
  const set: { app?: TestApp; shop?: { id: string } } = {}

  before(async () => {
    set.app = await startApp({ provider: model, env: { JWT_SECRET }, turnLimits })
    set.shop = await demoClient(set.app.place.database)
  })
  after(() => set.app?.close())
  beforeEach(() => model.calls.clear())
  afterEach(() => {
    for (const one of open.splice(0)) one.close()
  })

  const stage: AdminStage = {
    model,
    get url() {
      return set.app!.url
    },
    get database() {
      return set.app!.place.database
    },
    get shop() {
      return set.shop!
    },
    visit(auth = {}) {
      const visitor = new Visitor(stage.url, auth)
      open.push(visitor)
      return visitor
    },
    async ask(text = 'Hello') {
      const visitor = stage.visit()
      await visitor.ready()
      await visitor.send('m1', text)
      const synced = await visitor.ask('session:sync', { last_seq: 0 })
      return { visitor, conversation_id: synced.ok ? (synced.data.conversation?.id ?? '') : '' }
    },
    async enter(as) {
      const kept = await addPerson(stage.database, as)
      const person = new Person(stage.url, { token: kept.token })
      open.push(person)
      await person.connected
      return Object.assign(person, { kept })
    },
  }
  return stage
}
