import assert from 'node:assert/strict'
import { describe, it } from 'mocha'
import type { Overview } from '../../protocol/overview.ts'
import { makeClient } from '../support/factories.ts'
import { makeConversations, makeLongConversation } from './made-conversations.ts'
import { deskStage } from './stage.ts'

const USED = `
  INSERT INTO api_usage (client_id, date, conversation_count, message_count, tokens_input, tokens_output, tool_calls_count,
    cost_estimate)
  SELECT $1::uuid, (now() AT TIME ZONE 'UTC')::date - n, 10, 50, 1000, 100, 7, 0.25 FROM generate_series(0, 1) AS n`
const BY_MODEL = `
  INSERT INTO usage_by_model (client_id, date, provider, model, turns, tokens_input, tokens_output, cost_estimate)
  SELECT $1::uuid, (now() AT TIME ZONE 'UTC')::date, 'claude', 'claude-haiku-5-5', 20, 2000, 200, 0.5`
const RATED = `
  INSERT INTO ratings (client_id, conversation_id, subject, score)
  SELECT $1::uuid, gen_random_uuid(), s, n FROM unnest(ARRAY['ai', 'agent']) AS s CROSS JOIN generate_series(2, 5) AS n
  WHERE s = 'ai' OR n = 2`
const HANDED = `
  INSERT INTO audit_log (client_id, conversation_id, actor, action)
  VALUES ($1::uuid, $2::uuid, 'visitor', 'handoff.requested'), ($1::uuid, $2::uuid, 'visitor', 'handoff.requested'),
    ($1::uuid, $2::uuid, 'admin', 'conversation.taken_over')`
const TESTED = `
  WITH c AS (UPDATE conversations SET is_test = true WHERE id = $1::uuid RETURNING id)
  INSERT INTO turns (conversation_id, number, attempt, state, epoch, after_seq, message_seq, first_token_ms, total_ms, opened_at)
  SELECT id, 1, 1, 'complete', 0, 0, 2, 9, 9, now() FROM c`

describe('The overview', function () {
  this.timeout(60_000)
  const stage = deskStage()
  const today = () => new Date().toISOString().slice(0, 10)
  const overview = (query = '', by = stage.owner) => stage.ask<Overview>(`overview?${query}`, { by })

  before(async () => {
    const { database, bakery } = stage
    const run = (name: string, text: string, ...values: unknown[]) =>
      database.run({ name: `test/overview-${name}`, text }, values)
    const long = await makeLongConversation(database, bakery, 200)
    const [test] = await makeConversations(database, bakery, 1)
    await run('used', USED, bakery.id)
    await run('by-model', BY_MODEL, bakery.id)
    await run('rated', RATED, bakery.id)
    await run('handed', HANDED, bakery.id, long)
    await run('tested', TESTED, test)
  })

  it('tells what was used and how it went: in all, and by day, model and client', async () => {
    const { totals, days, models, clients } = await overview()
    const went = {
      answers: 100,
      failed: 0,
      first_token_ms: { p50: 103, p95: 106 },
      total_ms: { p50: 900, p95: 900 },
    }
    const used = {
      conversations: 20,
      messages: 100,
      tokens_input: 2_000,
      tokens_output: 200,
      tool_calls: 14,
      cost: 0.5,
    }
    assert.deepEqual(totals, { ...used, ...went, stopped: 0, from_cache: 0 })
    assert.equal(days.length, 30)
    assert.deepEqual(
      days.slice(-3).map(({ conversations, answers }) => [conversations, answers]),
      [
        [0, 0],
        [10, 0],
        [10, 100],
      ],
    )
    assert.deepEqual(days[0]?.total_ms, { p50: null, p95: null })
    assert.deepEqual(models[0], {
      ...{
        provider: 'claude',
        model: 'claude-haiku-5-5',
        turns: 20,
        tokens_input: 2_000,
        tokens_output: 200,
      },
      ...{ tokens_cached: 0, tokens_estimated: 0, cost: 0.5, ...went },
    })
    assert.deepEqual(clients, [{ client_id: stage.bakery.id, name: stage.bakery.name, ...used, ...went }])
  })

  it('tells how tools went, how content visitors were with the AI and with people, and who wanted a person', async () => {
    const { tools, ratings, handoffs } = await overview()
    assert.deepEqual(tools, [
      { name: 'order_status', calls: 100, failed: 10, unknown: 0, duration_ms: { p50: 120, p95: 120 } },
    ])
    assert.deepEqual(ratings.ai, { count: 4, average: 3.5, scores: [0, 1, 1, 1, 1] })
    assert.deepEqual(ratings.agent, { count: 1, average: 2, scores: [0, 1, 0, 0, 0] })
    assert.deepEqual(handoffs, { requested: 1, taken_over: 1 })
  })

  it('is of the days that are named, of days that there are, and of no more than so many', async () => {
    const { days, totals } = await overview(`from=${today()}&to=${today()}`)
    assert.deepEqual([days.length, totals.conversations], [1, 10])
    for (const query of ['from=2026-02-30', 'from=2024-01-01&to=2026-01-01', 'from=2026-02-02&to=2026-02-01'])
      assert.equal(await stage.codeOf(`overview?${query}`), 'invalid_payload', query)
  })

  it('is of one’s own client alone', async () => {
    const stranger = await stage.somebody('analyst', await makeClient(stage.database))
    const { totals, clients, tools, ratings } = await overview('', stranger)
    assert.deepEqual(
      [totals.conversations, totals.answers, clients, tools, ratings.ai.count],
      [0, 0, [], [], 0],
    )
    assert.equal(await stage.codeOf(`overview?client_id=${stage.bakery.id}`, { by: stranger }), 'not_found')
  })
})
