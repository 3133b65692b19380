import assert from 'node:assert/strict'
import { DatabaseUnavailable, type Database, type Statement } from '../../../server/infra/database.ts'
import { sharedWithOthers } from '../../support/heart.ts'
import * as n8n from '../../support/stand-in-n8n.ts'
import { resultsIn } from './stage.ts'
import { setToolStage } from './tool-stage.ts'

/** A database that a node loses for good with its first statement of this name, before or after it happened. */
function losing(database: Database, name: string, when: 'before' | 'after') {
  let isLost = false
  let lose: () => void = () => undefined
  const lost = new Promise<void>((resolve) => (lose = resolve))
  const gone = () => {
    isLost = true
    lose()
    throw new DatabaseUnavailable('gone')
  }
  const losing: Database = {
    ...sharedWithOthers(database),
    async run<Row extends object>(statement: Statement, values: readonly unknown[]): Promise<Row[]> {
      const isIt = statement.name === name
      if (isLost || (isIt && when === 'before')) gone()
      const rows = await database.run<Row>(statement, values)
      if (isIt) gone()
      return rows
    },
  }
  return { database: losing, lost }
}

describe('A call whose node is lost', () => {
  const stage = setToolStage({
    answers: { '/book': n8n.json({ booked: true }), '/look': n8n.json({ status: 'shipped' }) },
    tools: { book: { set: { policy: 'write' } }, look: { set: { idempotent: true } } },
  })

  /** What the model of the next node reads of a call whose node was lost at that statement. */
  const readAfter = async (tool: string, statement: string, when: 'before' | 'after') => {
    const { database, lost } = losing(stage.place.database, statement, when)
    const first = await stage.start(database)
    await first.send(stage.shop.visitor, 'Please')
    ;(await first.provider.calls.take()).end({
      stop: 'tools',
      calls: [{ id: 'c', name: tool, arguments: { order: '1001' } }],
    })
    await lost
    const second = await stage.start(sharedWithOthers(stage.place.database))
    const call = await second.provider.calls.take()
    call.say('So it is.')
    call.end()
    const [{ message }] = await second.told.next('reply:end')
    assert.equal(message.status, 'complete')
    return resultsIn(call.request.messages)[0]?.content ?? ''
  }

  it('is not made again where twice would do harm: the model reads that its outcome is unknown', async () => {
    const read = await readAfter('book', 'tools/finish-execution', 'before')
    assert.match(read, /outcome of this call is unknown/)
    assert.equal(stage.standIn.calls.all.length, 1)
  })

  it('is made again, under the same key, where twice does no harm', async () => {
    assert.match(await readAfter('look', 'tools/finish-execution', 'before'), /shipped/)
    const keys = stage.standIn.calls.all.map(({ headers }) => headers['idempotency-key'])
    assert.equal(keys.length, 2)
    assert.equal(keys[0], keys[1])
  })

  it('is not made again once its outcome was written down: the model reads it', async () => {
    assert.match(await readAfter('book', 'tools/finish-execution', 'after'), /"booked":true/)
    assert.equal(stage.standIn.calls.all.length, 1)
  })

  it('is not made at all by a node that has lost its turn', async () => {
    assert.match(await readAfter('book', 'tools/begin-execution', 'before'), /"booked":true/)
    assert.equal(stage.standIn.calls.all.length, 1)
  })
})
