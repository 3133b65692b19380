import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import type { VisitorSession } from '../../server/auth/visitor-session.ts'
import { claimTurn, type ClaimedTurn } from '../../server/conversation/claim.ts'
import { endTurn, type TurnOutcome } from '../../server/conversation/end-turn.ts'
import { registerNode } from '../../server/conversation/lease-statements.ts'
import { RECEIVE } from '../../server/conversation/receive-statement.ts'
import { saveSummary, type NewSummary } from '../../server/conversation/save-summary.ts'
import type { ModelCall } from '../../server/llm/models.ts'
import { Random } from '../heart/random.ts'
import { openTestDatabase, type TestDatabase } from '../support/databases.ts'
import { makeVisitor, rowsWhere } from '../support/heart.ts'

const MODELS = ['a-1', 'b-2', 'c-3']

describe('A summary', () => {
  let place: TestDatabase
  let node: string
  before(async () => {
    place = await openTestDatabase({ pool: 12 })
  })
  after(() => place.close())
  beforeEach(async () => {
    node = randomUUID()
    await registerNode(place.database, { id: node, host: 'test', leaseMs: 60_000 })
  })

  /** A conversation in which the visitor has written `messages` times, and a turn that answers them is open. */
  const asked = async (messages = 1, client?: VisitorSession): Promise<ClaimedTurn> => {
    const visitor = client ? await anotherOf(client) : await makeVisitor(place.database)
    const id = randomUUID()
    await run('INSERT INTO conversations (id, client_id, session_id) VALUES ($1, $2, $3)', [
      ...[id, visitor.client_id, visitor.id],
    ])
    for (let i = 0; i < messages; i++) await write(visitor.id)
    const claimed = await claimTurn(place.database, id, node)
    assert.ok(claimed)
    return claimed
  }
  const run = (text: string, values: unknown[]) => place.database.sequelize.query(text, { bind: values })
  const write = (session: string) =>
    place.database.run(RECEIVE, [session, randomUUID(), 'Hello', Buffer.from('hash'), null])
  const anotherOf = async ({ client_id, visitor_id }: VisitorSession): Promise<VisitorSession> => {
    const id = randomUUID()
    await run('INSERT INTO sessions (id, client_id, visitor_id, token_hash) VALUES ($1, $2, $3, $4)', [
      ...[id, client_id, visitor_id, Buffer.from('hash')],
    ])
    return { id, client_id, visitor_id, user_identifier: null, proven: false, locale: null }
  }
  const end = (turn: ClaimedTurn, spent: ModelCall[] = []) =>
    endTurn(place.database, turn, outcome(turn.upTo, spent), null)
  const save = (turn: ClaimedTurn, changes: Partial<NewSummary> = {}) =>
    saveSummary(place.database, turn.to.conversation_id, {
      ...{ from: 0, summary: { text: 'All is well.', upTo: 1 }, turn: turn.turn, spent: [call('a-1')] },
      ...{ version: 'test-1', ...changes },
    })
  const kept = async ({ to }: ClaimedTurn) => {
    type Row = { summary: string | null; summary_seq: number; tokens_total: string }
    const [row] = await rowsWhere<Row>(place.database, 'conversations', 'id', to.conversation_id)
    return row
  }

  it('is saved where it goes on from the one before', async () => {
    const turn = await asked(3)
    await end(turn)
    assert.equal(await save(turn, { summary: { text: 'One.', upTo: 1 } }), true)
    assert.equal(await save(turn, { from: 1, summary: { text: 'Two.', upTo: 3 } }), true)
    const row = await kept(turn)
    assert.deepEqual([row?.summary, row?.summary_seq, row?.tokens_total], ['Two.', 3, '220'])
  })

  it('is not saved where somebody else has gone on from that one, and is charged', async () => {
    const turn = await asked(3)
    await end(turn)
    await save(turn, { summary: { text: 'First.', upTo: 2 } })
    assert.equal(await save(turn, { summary: { text: 'Second.', upTo: 1 } }), false)
    const row = await kept(turn)
    assert.deepEqual([row?.summary, row?.summary_seq, row?.tokens_total], ['First.', 2, '220'])
  })

  it('is not saved where it holds what has yet to be answered', async () => {
    const turn = await asked(1)
    await end(turn)
    await write(turn.to.session_id)
    const { answered_seq, last_seq } = (await kept(turn)) as unknown as Record<string, number>
    assert.deepEqual([answered_seq, last_seq], [1, 3])
    assert.equal(await save(turn, { summary: { text: 'Too much.', upTo: 3 } }), false)
    assert.equal((await kept(turn))?.summary, null)
    assert.equal(await save(turn, { summary: { text: 'Enough.', upTo: 1 } }), true)
  })

  it('is not saved into a conversation that has ended: who erases it may rely on that', async () => {
    const turn = await asked(1)
    await end(turn)
    await run(`UPDATE conversations SET state = 'ended', epoch = epoch + 1 WHERE id = $1`, [
      turn.to.conversation_id,
    ])
    assert.equal(await save(turn), false)
    assert.equal((await kept(turn))?.summary, null)
  })

  it('charges nobody for a turn that has not ended, or is not there any more', async () => {
    const turn = await asked(1)
    assert.equal(await save(turn), false)
    assert.equal(await save(turn, { turn: 9 }), false)
    assert.equal((await kept(turn))?.tokens_total, '0')
  })

  it('is charged on the day on which its turn ended', async () => {
    const turn = await asked(1)
    await end(turn)
    const id = turn.to.conversation_id
    await run(`UPDATE turns SET ended_at = '2026-01-31T23:59:59.999Z' WHERE conversation_id = $1`, [id])
    await save(turn, { summary: null })
    for (const table of ['api_usage', 'usage_by_model']) {
      const rows = await rowsWhere<{ date: string; tokens_input: string }>(
        ...([place.database, table, 'client_id', turn.to.client_id] as const),
      )
      const charged = rows.filter((row) => Number(row.tokens_input) > 0)
      assert.deepEqual(
        charged.map((row) => [row.date, row.tokens_input]),
        [['2026-01-31', '100']],
      )
    }
  })

  it('and ends of turns lock in one order: whatever comes together, nothing is stuck and nothing is lost', async () => {
    const random = new Random(4)
    const visitor = await makeVisitor(place.database)
    const calls = () =>
      MODELS.filter(() => random.chance(0.7))
        .sort(() => random.between(-1, 1))
        .map((model) => call(model))
    const turns = await Promise.all(Array.from({ length: 10 }, () => asked(1, visitor)))
    await Promise.all(turns.map((turn) => end(turn, calls())))
    await Promise.all(
      Array.from({ length: 20 }, async (_, round) => {
        await Promise.all(
          turns.map(async (turn, index) => {
            if ((index + round) % 2 === 0) return save(turn, { summary: null, spent: calls() })
            const next = await asked(1, visitor)
            return end(next, calls())
          }),
        )
      }),
    )
    type Spent = { model: string; tokens_input: number; tokens_output: number; summary?: string }
    const [rows] = await run(
      `SELECT t.tokens_input, t.tokens_output, t.spent FROM turns t JOIN conversations c ON c.id = t.conversation_id
       WHERE c.client_id = $1`,
      [visitor.client_id],
    )
    const spent = (rows as { spent: Spent[] }[]).flatMap((row) => row.spent)
    assert.ok(spent.length > 200)
    const models = await rowsWhere<Record<string, string>>(
      ...([place.database, 'usage_by_model', 'client_id', visitor.client_id] as const),
    )
    for (const row of models) {
      const own = spent.filter((one) => one.model === row['model'])
      assert.equal(Number(row['tokens_input']), sum(own, 'tokens_input'))
      assert.equal(Number(row['turns']), own.filter((one) => one.summary === undefined).length)
    }
    const [day] = await rowsWhere<Record<string, string>>(
      ...([place.database, 'api_usage', 'client_id', visitor.client_id] as const),
    )
    assert.equal(Number(day?.['tokens_input']), sum(spent, 'tokens_input'))
    assert.equal(Number(day?.['tokens_output']), sum(rows as Spent[], 'tokens_output'))
    const totals = await rowsWhere<{ tokens_total: string }>(
      ...([place.database, 'conversations', 'client_id', visitor.client_id] as const),
    )
    const total = totals.reduce((all, row) => all + Number(row.tokens_total), 0)
    assert.equal(total, sum(spent, 'tokens_input') + sum(spent, 'tokens_output'))
  })
})

function call(model: string): ModelCall {
  return { provider: 'test', model, usage: { input: 100, output: 10, cached: 0 }, cost: 0.001 }
}

function sum<Field extends string>(rows: readonly Record<Field, number>[], field: Field): number {
  return rows.reduce((all, row) => all + row[field], 0)
}

function outcome(answersTo: number, spent: ModelCall[]): TurnOutcome {
  return {
    ...{
      status: 'complete',
      content: 'Yes.',
      answersTo,
      sources: [],
      spent,
      repeats: null,
      promptVersion: 'test',
    },
    ...{ firstTokenMs: null, totalMs: null, toolCalls: 0, error: null },
  }
}
