import assert from 'node:assert/strict'
import { DatabaseUnavailable, type Database } from '../../../server/infra/database.ts'
import type { ToolConfirm } from '../../../protocol/widget.ts'
import { keptOf, sharedWithOthers } from '../../support/heart.ts'
import * as n8n from '../../support/stand-in-n8n.ts'
import type { ToolNode, ToolNodeChanges } from './stage.ts'
import { setToolStage } from './tool-stage.ts'

/** A database that a node has until it is lost, or until its first statement of this name. */
function losable(database: Database, name?: string) {
  let isLost = false
  const shared = sharedWithOthers(database)
  const run: Database['run'] = (statement, values) => {
    isLost ||= statement.name === name
    return isLost ? Promise.reject(new DatabaseUnavailable('gone')) : database.run(statement, values)
  }
  return { database: { ...shared, run }, lose: () => void (isLost = true) }
}

describe('A question whose node is lost', () => {
  // Before the stage is cleared, or the next test's nodes would go on with what this one's left.
  afterEach(() => stage.nodes.at(-1)?.heart.conversations.end(stage.shop.visitor))
  const stage = setToolStage({
    answers: { '/refund': n8n.json({ refunded: true }) },
    tools: { refund: { set: { policy: 'confirm' } } },
  })

  const start = (database: Database, limits: ToolNodeChanges['limits'] = {}) =>
    stage.start(database, { limits: { lease: 600, silentAfter: 400, renewEvery: 100, ...limits } })
  const other = (limits?: ToolNodeChanges['limits']) => start(sharedWithOthers(stage.place.database), limits)
  const ask = async (node: ToolNode): Promise<ToolConfirm> => {
    await node.send(stage.shop.visitor, 'My money, please')
    const [question] = await node.asks(['refund', { order: '1001' }])
    assert.ok(question)
    return question
  }
  /** A question of a node that has been lost since; where it is not `found`, others have yet to see that. */
  const orphaned = async (limits?: ToolNodeChanges['limits'], found = true): Promise<ToolConfirm> => {
    const { database, lose } = losable(stage.place.database)
    const question = await ask(await start(database, limits))
    lose()
    if (found) await stage.place.database.sequelize.query('UPDATE nodes SET lease_until = clock_timestamp()')
    return question
  }
  const answer = async (node: ToolNode, { call_id }: ToolConfirm, approved: boolean) =>
    (await node.heart.conversations.answer(stage.shop.visitor, { call_id, approved })).ok
  const ends = async (node: ToolNode) => {
    await node.says('That was it.')
    const [turn] = await keptOf<{ state: string }>(
      stage.place.database,
      stage.shop.visitor,
      'turns',
      'number',
    )
    assert.equal(turn?.state, 'complete')
  }

  it('is answered meanwhile, and acted upon by the node that goes on', async () => {
    const question = await orphaned()
    const second = await other()
    assert.ok(await answer(second, question, true))
    const [result] = await second.reads()
    assert.match(result?.content ?? '', /"refunded":true/)
    await ends(second)
    assert.deepEqual([second.told.count('tool:confirm'), stage.standIn.calls.all.length], [0, 1])
  })

  it('is the same question, until the same moment, on the node that goes on', async () => {
    const question = await orphaned()
    const second = await other()
    assert.deepEqual(await second.told.next('tool:confirm'), [question])
    assert.ok(await answer(second, question, true))
    await second.reads()
    await ends(second)
    const { headers } = await stage.standIn.calls.take()
    assert.deepEqual([headers['idempotency-key'], stage.standIn.calls.all.length], [question.call_id, 1])
  })

  it('is answered with no by a message that comes meanwhile', async () => {
    await orphaned()
    const second = await other()
    await second.send(stage.shop.visitor, 'Forget it')
    const [confirmed] = await second.told.next('tool:confirmed')
    assert.deepEqual([confirmed.approved, confirmed.how], [false, 'message'])
    await second.says('It was not done.')
    await second.says('Forgotten.')
    assert.deepEqual([second.told.count('tool:confirm'), stage.standIn.calls.all.length], [0, 0])
  })

  it('expires when it would have', async () => {
    await orphaned({ confirm: 100 })
    const second = await other()
    const [confirmed] = await second.told.next('tool:confirmed')
    assert.equal(confirmed.how, 'expired')
    await ends(second)
    assert.equal(stage.standIn.calls.all.length, 0)
  })

  it('leads to one call where the node is lost with the yes in its hand', async () => {
    const { database } = losable(stage.place.database, 'tools/begin-execution')
    const first = await start(database)
    const question = await ask(first)
    const second = await other()
    assert.ok(await answer(second, question, true))
    const [result] = await second.reads()
    assert.match(result?.content ?? '', /"refunded":true/)
    await ends(second)
    assert.deepEqual([second.told.count('tool:confirm'), stage.standIn.calls.all.length], [0, 1])
  })

  it('leads to no second call where the node is lost after the first', async () => {
    const { database } = losable(stage.place.database, 'tools/finish-execution')
    const first = await start(database)
    const question = await ask(first)
    const second = await other()
    assert.ok(await answer(second, question, true))
    const [result] = await second.reads()
    assert.match(result?.content ?? '', /outcome of this call is unknown/)
    await ends(second)
    assert.deepEqual([second.told.count('tool:confirm'), stage.standIn.calls.all.length], [0, 1])
  })

  it('is answered by nobody any more once its turn was stopped', async () => {
    const question = await orphaned({}, false)
    const second = await other({ reapEvery: 60_000 })
    assert.ok((await second.heart.conversations.stop(stage.shop.visitor, { turn: 1 })).ok)
    assert.equal(await answer(second, question, true), false)
    const third = await other()
    const [{ message }] = await third.told.next('reply:end')
    assert.deepEqual([message.status, stage.standIn.calls.all.length], ['stopped', 0])
  })

  it('is not asked where the call was made before anybody had to be', async () => {
    const run = (sql: string) =>
      stage.place.database.sequelize.query(sql, { bind: [stage.shop.visitor.client_id] })
    await run(`UPDATE client_tools SET policy = 'write' WHERE client_id = $1`)
    const { database } = losable(stage.place.database, 'tools/finish-execution')
    const first = await start(database)
    await first.send(stage.shop.visitor, 'My money, please')
    const call = await first.provider.calls.take()
    call.end({ stop: 'tools', calls: [{ id: 'c0', name: 'refund', arguments: { order: '1001' } }] })
    await stage.standIn.calls.take()
    await run(`UPDATE client_tools SET policy = 'confirm' WHERE client_id = $1`)
    const second = await other()
    const [result] = await second.reads()
    assert.match(result?.content ?? '', /outcome of this call is unknown/)
    await ends(second)
    assert.deepEqual([second.told.count('tool:confirm'), stage.standIn.calls.all.length], [0, 1])
  })

  it('is answered on another node than the one that asks', async () => {
    const first = await other()
    const second = await other()
    const question = await ask(first)
    const { confirming } = await second.heart.conversations.snapshot(stage.shop.visitor, {})
    assert.deepEqual(confirming, [question])
    assert.ok(await answer(second, question, true))
    const [result] = await first.reads()
    assert.match(result?.content ?? '', /"refunded":true/)
    await ends(first)
    assert.equal(stage.standIn.calls.all.length, 1)
  })

  it('is left to others at once by a node that goes away, however many do', async () => {
    const patient = { drain: 60_000, lease: 60_000, silentAfter: 50_000 }
    const question = await ask(await other(patient))
    for (let restarts = 0; restarts < 4; restarts++) {
      const next = await other(patient)
      await stage.nodes.at(-2)?.stop()
      assert.deepEqual(await next.told.next('tool:confirm'), [question])
    }
    const last = stage.nodes.at(-1)
    assert.ok(last && (await answer(last, question, true)))
    const [result] = await last.reads()
    assert.match(result?.content ?? '', /"refunded":true/)
    await ends(last)
    assert.equal(stage.standIn.calls.all.length, 1)
  })

  it('is answered by a message without harm to what is at work beside it, also where others went on', async () => {
    let finish: () => void = () => undefined
    stage.standIn.on('/refund', (response) => (finish = () => void response.writeHead(204).end()))
    const first = await other()
    await first.send(stage.shop.visitor, 'My money, twice')
    const [one] = await first.asks(['refund', { order: '1' }], ['refund', { order: '2' }])
    const second = await other()
    await first.stop()
    for (let asked = 0; asked < 2; asked++) await second.told.next('tool:confirm')
    assert.ok(one && (await answer(second, one, true)))
    await stage.standIn.calls.take()
    await second.send(stage.shop.visitor, 'And hello')
    assert.equal((await second.told.next('tool:confirmed'))[0].how, 'visitor')
    assert.equal((await second.told.next('tool:confirmed'))[0].how, 'message')
    finish()
    const results = await second.reads()
    assert.deepEqual(results.map(({ failed }) => failed).sort(), [false, true])
    await second.says('One of the two.')
    await second.says('Hello!')
    assert.equal(stage.standIn.calls.all.length, 1)
  })

  it('is left to others as soon as nothing else of its turn is at work', async () => {
    let finish: () => void = () => undefined
    stage.standIn.on('/refund', (response) => (finish = () => void response.writeHead(204).end()))
    const patient = { drain: 60_000, lease: 60_000, silentAfter: 50_000 }
    const first = await other(patient)
    await first.send(stage.shop.visitor, 'My money, twice')
    const [one, two] = await first.asks(['refund', { order: '1' }], ['refund', { order: '2' }])
    assert.ok(one && two && (await answer(first, one, true)))
    await stage.standIn.calls.take()
    const second = await other(patient)
    const stopped = first.stop()
    finish()
    await stopped
    assert.deepEqual(await second.told.next('tool:confirm'), [two])
    assert.ok(await answer(second, two, false))
    const results = await second.reads()
    assert.deepEqual(results.map(({ failed }) => failed).sort(), [false, true])
    await ends(second)
    assert.equal(stage.standIn.calls.all.length, 1)
  })
})
