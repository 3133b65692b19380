import assert from 'node:assert/strict'
import { migrations } from '../../migrations/index.ts'
import type { Message } from '../../protocol/records.ts'
import { ensureMessagePartitions } from '../../server/infra/message-partitions.ts'
import { createMigrator } from '../../server/infra/migrator.ts'
import { createPostgres, type PostgresLimits } from '../../server/infra/postgres.ts'
import { readPostgresUrl } from '../../server/infra/postgres-url.ts'
import type { TurnLimits } from '../../server/conversation/limits.ts'
import { startApp, type TestApp } from '../support/app.ts'
import { eventually } from '../support/eventually.ts'
import { HASTY } from '../support/heart.ts'
import { startOwnPostgres, type OwnPostgres } from '../support/own-postgres.ts'
import { ScriptedProvider } from '../support/scripted-provider.ts'
import { returning, Visitor } from '../support/visitor.ts'

describe('A server whose Postgres goes away', function () {
  this.timeout(60_000)
  let postgres: OwnPostgres
  let provider: ScriptedProvider
  let app: TestApp
  let tab: Visitor

  before(async () => (postgres = await startOwnPostgres()))
  after(() => postgres.close())
  afterEach(async () => {
    postgres.thaw()
    tab.close()
    await app.close()
  })

  const start = async (limits: Partial<PostgresLimits> = {}, turnLimits: Partial<TurnLimits> = {}) => {
    provider = new ScriptedProvider()
    const place = await openDatabase(postgres.url, limits)
    app = await startApp({ provider, place, turnLimits })
    tab = new Visitor(app.url)
    return tab.ready()
  }
  const http = async (path: string) => (await fetch(app.url + path)).status
  const send = (id: string) => tab.ask('message:send', { client_message_id: id, text: `This is ${id}` })
  /** What is kept of a session, once nothing of it runs any more. */
  const settled = async (ready: Parameters<typeof returning>[0]) => {
    let messages: Message[] = []
    await eventually(async () => {
      const other = new Visitor(app.url, returning(ready))
      const { messages: kept, reply } = await other.ready()
      other.close()
      const asked = kept.findLast((message) => message.role === 'user')?.seq
      assert.equal(reply, undefined)
      assert.ok(kept.some((message) => message.answers_to === asked))
      messages = kept
    }, 20_000)
    return messages
  }
  const answers = (messages: Message[]) =>
    messages.flatMap((one) => (one.role === 'assistant' ? [[one.answers_to, one.status, one.content]] : []))

  it('goes on with a running reply while it restarts, and keeps its end when it is back', async () => {
    await start()
    await tab.send('m1', 'Tell me a story')
    const call = await provider.calls.take()
    call.say('Once ')
    await tab.next('reply:delta')
    await postgres.stop('fast')
    call.say('upon a time')
    assert.deepEqual((await tab.next('reply:delta')).slice(2), [5, 'upon a time'])
    call.end()
    await postgres.start()
    const [{ message }] = await tab.next('reply:end')
    assert.deepEqual([message.content, message.status], ['Once upon a time', 'complete'])
  })

  it('refuses what needs it, so that it is tried again, and says that it is not ready', async () => {
    const ready = await start()
    await tab.send('m1', 'Hello')
    ;(await provider.calls.take()).end()
    await tab.next('reply:end')
    await postgres.stop('immediate')
    const refused = await send('m2')
    assert.ok(!refused.ok && refused.error.code === 'unavailable' && refused.error.retryable)
    const unread = await tab.ask('history:load', { before_seq: 2 })
    assert.ok(!unread.ok && unread.error.code === 'unavailable')
    const newcomer = new Visitor(app.url, returning(ready))
    assert.equal((await newcomer.refused.take()).code, 'unavailable')
    assert.deepEqual([await http('/readyz'), await http('/healthz')], [503, 200])
    await postgres.start()
    await eventually(async () => assert.equal(await http('/readyz'), 200))
    const accepted = await send('m2')
    assert.ok(accepted.ok && accepted.data.message.seq === 3)
  })

  it('lets a message wait that is sent while it is frozen for a moment', async () => {
    await start()
    postgres.freeze()
    const sent = send('m1')
    setTimeout(() => postgres.thaw(), 400)
    assert.ok((await sent).ok)
  })

  it('refuses a message in time when it stays frozen, and takes it once when it is thawed', async () => {
    const ready = await start({ connect: 300, acquire: 400, answer: 500, ping: 300 })
    postgres.freeze()
    const began = performance.now()
    const refused = await send('m1')
    assert.ok(performance.now() - began < 8_000)
    assert.ok(!refused.ok && refused.error.code === 'unavailable')
    assert.equal(await http('/readyz'), 503)
    postgres.thaw()
    await eventually(async () => assert.ok((await send('m1')).ok))
    ;(await provider.calls.take()).end()
    const messages = await settled(ready)
    assert.deepEqual(
      messages.map((message) => [message.seq, message.role]),
      [
        [1, 'user'],
        [2, 'assistant'],
      ],
    )
  })

  it('answers every message once after it was away for longer than a lease', async () => {
    const ready = await start({}, HASTY)
    await tab.send('m1', 'Tell me a story')
    const first = await provider.calls.take()
    first.say('Once')
    await tab.next('reply:delta')
    await postgres.stop('immediate')
    await eventually(() => assert.ok(first.signal.aborted, 'the turn falls silent'))
    await postgres.start()
    const second = await provider.calls.take()
    second.say('Again from the beginning')
    second.end()
    await tab.next('reply:end')
    await eventually(async () => assert.ok((await send('m2')).ok))
    const third = await provider.calls.take()
    third.say('Still here')
    third.end()
    assert.deepEqual(answers(await settled(ready)), [
      [1, 'complete', 'Again from the beginning'],
      [3, 'complete', 'Still here'],
    ])
  })
})

async function openDatabase(url: string, limits: Partial<PostgresLimits>) {
  const settings = { address: readPostgresUrl(url), pool: 6, keepsOpen: false, exclusive: false }
  // What is prepared has more time than what a test limits.
  const preparing = createPostgres({ ...settings, limits: {} })
  await createMigrator(preparing, migrations).migrate()
  await ensureMessagePartitions(preparing)
  // What the test before has left unanswered is not this one's.
  await preparing.sequelize.query(
    'TRUNCATE conversations, turns, messages, message_receipts, tool_confirmations CASCADE',
  )
  await preparing.close()
  const database = createPostgres({ ...settings, limits })
  return { database, url, close: () => database.close() }
}
