import assert from 'node:assert/strict'
import { setImmediate as soon } from 'node:timers/promises'
import { after, before, describe, it } from 'mocha'
import { listRuns } from '../../../server/jobs/retention/list-runs.ts'
import { retain } from '../../../server/jobs/retention/retention.ts'
import { openTestDatabase, type TestDatabase } from '../../support/databases.ts'
import { seedHistory } from '../long-history.ts'
import { countRows, seedRest, type Rest } from './made-rest.ts'

describe('A pass of retention', function () {
  this.timeout(60_000)
  let place: TestDatabase
  let rest: Rest
  before(async () => {
    place = await openTestDatabase()
    const { ids, today } = await seedHistory(place.database, { messages: 1_000, days: 40 })
    rest = await seedRest(place.database, { client_id: ids[0]!, week: ids[2]!, today })
  })
  after(() => place.close())

  const there = (table: string, ids: readonly string[]) => rest.there(table, ids)

  it('that is dry tells to the row what one removes, and removes nothing', async () => {
    const { database } = place
    const rows = await countRows(database)
    const dry = await retain({ database, dryRun: true })
    assert.ok(dry.state === 'done')
    assert.deepEqual({ ...(await countRows(database)), retention_runs: 0 }, { ...rows, retention_runs: 0 })
    const wet = await retain({ database })
    assert.ok(wet.state === 'done')
    const { usage_rows_set, ...removed } = wet.counts
    assert.ok(usage_rows_set! > 0)
    assert.deepEqual(dry.counts, removed)
    assert.deepEqual(dry.partitions, wet.partitions)
    const [second, first] = (await listRuns(database, {})).runs
    assert.deepEqual([first!.dry_run, first!.state, second!.dry_run], [true, 'done', false])
    assert.equal(second!.counts.find(({ what }) => what === 'messages')?.count, removed.messages)
    for (const what of [
      'messages',
      'messages_held',
      'model_calls',
      'tool_trials',
      'ratings',
      'contacts',
    ] as const)
      assert.ok(removed[what], what)
  })

  it('removes what people tried of tools after 90 days, or a client’s own period', async () => {
    assert.deepEqual(await there('tool_trials', rest.trials), ['new', 'of the month'])
  })

  it('removes test chats as conversations, and what models were asked in them as messages', async () => {
    assert.deepEqual(await there('test_chats', rest.chats), ['new'])
    assert.deepEqual(await there('model_calls', rest.chats), ['new'])
  })

  it('keeps visitors as long as there is an e-mail address of theirs', async () => {
    assert.deepEqual(await there('visitors', rest.visitors), ['with a younger address'])
  })

  it('closes what nothing happened in for a day, and leaves who waits for a person', async () => {
    assert.deepEqual(await rest.openOnes(), ['waits for a person', 'spoke a moment ago'].sort())
  })

  it('changes nothing when it is made again', async () => {
    const { database } = place
    const rows = await countRows(database)
    const again = await retain({ database })
    assert.ok(again.state === 'done')
    assert.deepEqual(again.counts, {})
    assert.deepEqual({ ...(await countRows(database)), retention_runs: 0 }, { ...rows, retention_runs: 0 })
  })

  it('gives way to one that runs, but for a dry one', async () => {
    const { database } = place
    let meet: () => void = () => undefined
    const met = new Promise<void>((resolve) => (meet = resolve))
    let goOn: () => void = () => undefined
    const going = new Promise<void>((resolve) => (goOn = resolve))
    const first = retain({
      database,
      onProgress: () => {
        meet()
        return going
      },
    })
    await met
    assert.deepEqual(await retain({ database }), { state: 'busy' })
    assert.equal((await retain({ database, dryRun: true })).state, 'done')
    goOn()
    assert.equal((await first).state, 'done')
    assert.equal((await retain({ database })).state, 'done')
  })

  it('that fails says why in its report, and so does one that was lost', async () => {
    const { database } = place
    const fault = new Error('the disk is full')
    await assert.rejects(retain({ database, onProgress: () => Promise.reject(fault) }), fault)
    const stopping = new AbortController()
    const stopped = retain({ database, signal: stopping.signal, onProgress: () => soon() })
    stopping.abort(new Error('the server ends'))
    await assert.rejects(stopped, /the server ends/)
    const { runs } = await listRuns(database, { limit: 2 })
    assert.deepEqual(
      runs.map(({ state, fault }) => [state, fault]),
      [
        ['failed', 'the server ends'],
        ['failed', 'the disk is full'],
      ],
    )
  })
})
