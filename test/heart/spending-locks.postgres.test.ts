import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import pg from 'pg'
import { claimTurn, type ClaimedTurn } from '../../server/conversation/claim.ts'
import { endTurn, type TurnOutcome } from '../../server/conversation/end-turn.ts'
import { registerNode } from '../../server/conversation/lease-statements.ts'
import { RECEIVE } from '../../server/conversation/receive-statement.ts'
import { saveSummary } from '../../server/conversation/save-summary.ts'
import type { ModelCall } from '../../server/llm/models.ts'
import { openTestDatabase, type TestDatabase } from '../support/databases.ts'
import { eventually } from '../support/eventually.ts'
import { makeVisitor } from '../support/heart.ts'

const SPENT: ModelCall[] = [
  { provider: 'test', model: 'a-1', usage: { input: 100, output: 10, cached: 0 }, cost: 0.001 },
]

/** Two statements that add to the same rows must lock them in one order: found by holding the first of them. */
describe('What was spent is added', () => {
  let place: TestDatabase
  let holder: pg.Client
  before(async () => {
    place = await openTestDatabase()
    holder = new pg.Client({ connectionString: place.url })
    await holder.connect()
  })
  after(async () => {
    await holder.end()
    await place.close()
  })

  const openTurn = async (): Promise<ClaimedTurn> => {
    const visitor = await makeVisitor(place.database)
    const [conversation, node] = [randomUUID(), randomUUID()]
    await place.database.sequelize.query(
      'INSERT INTO conversations (id, client_id, session_id) VALUES ($1, $2, $3)',
      {
        bind: [conversation, visitor.client_id, visitor.id],
      },
    )
    await registerNode(place.database, { id: node, host: 'test', leaseMs: 60_000 })
    return again(conversation, visitor.id, node)
  }
  const again = async (conversation: string, session: string, node: string): Promise<ClaimedTurn> => {
    await place.database.run(RECEIVE, [session, randomUUID(), 'Hello', Buffer.from('hash'), null])
    const claimed = await claimTurn(place.database, conversation, node)
    assert.ok(claimed)
    return claimed
  }
  const end = (turn: ClaimedTurn) => endTurn(place.database, turn, outcome(turn.upTo), null)

  const statements: Record<string, (ended: ClaimedTurn) => Promise<() => Promise<unknown>>> = {
    'at the end of a turn': async ({ to, node }) => {
      const turn = await again(to.conversation_id, to.session_id, node)
      return () => end(turn)
    },
    'for a summary': ({ to, turn }) =>
      Promise.resolve(() =>
        saveSummary(place.database, to.conversation_id, {
          ...{ from: 0, summary: null, turn, spent: SPENT, version: 'test-1' },
        }),
      ),
  }
  for (const [what, begin] of Object.entries(statements)) {
    it(`to its models first and then to the day, ${what}`, async () => {
      const ended = await openTurn()
      await end(ended)
      const statement = await begin(ended)
      const own = [ended.to.client_id]
      await holder.query('BEGIN')
      await holder.query('UPDATE usage_by_model SET turns = turns WHERE client_id = $1', own)
      const waiting = statement()
      await eventually(async () => {
        const { rows } = await holder.query(
          `SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
        )
        assert.equal(rows.length, 1)
      })
      await holder.query(`SET LOCAL lock_timeout = '1s'`)
      await holder.query('UPDATE api_usage SET message_count = message_count WHERE client_id = $1', own)
      await holder.query('COMMIT')
      await waiting
    })
  }
})

function outcome(answersTo: number): TurnOutcome {
  return {
    ...{ status: 'complete', content: 'Yes.', answersTo, sources: [], spent: SPENT, repeats: null },
    ...{ promptVersion: 'test', firstTokenMs: null, totalMs: null, toolCalls: 0, error: null },
  }
}
