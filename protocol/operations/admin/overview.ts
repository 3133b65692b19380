import { Overview, OverviewQuery } from '../../overview.ts'
import { CLIENT_ID } from '../examples.ts'
import { forPeople, PEOPLE_ERRORS } from './for-people.ts'
import type { Operation } from '../operation.ts'

const USED = {
  ...{ conversations: 12, messages: 84, tokens_input: 41_000, tokens_output: 5_200, tool_calls: 9 },
  cost: 0.082,
}
const WENT = {
  ...{ answers: 40, failed: 1 },
  ...{ first_token_ms: { p50: 410, p95: 980 }, total_ms: { p50: 2_400, p95: 6_100 } },
}

export const readOverview = {
  ...forPeople('analyst', 'anyone'),
  id: 'readOverview',
  summary: 'Read what was used, and how it went',
  description:
    'By UTC days, the last 30 where none are named. What was used is kept for ever; times and tools are told as long as ' +
    'turns and calls are kept. Test chats do not count. A client’s people see their own.',
  query: { schema: OverviewQuery, example: { from: '2026-11-23', to: '2026-11-23' } },
  success: {
    status: 200,
    description: 'The figures of these days.',
    schema: Overview,
    example: {
      ...{ from: '2026-11-23', to: '2026-11-23' },
      totals: { ...USED, ...WENT, stopped: 2, from_cache: 3 },
      days: [{ date: '2026-11-23', ...USED, ...WENT }],
      models: [
        {
          ...{ provider: 'claude', model: 'claude-haiku-5-5', turns: 37, tokens_input: 41_000 },
          ...{ tokens_output: 5_200, tokens_cached: 28_000, tokens_estimated: 0, cost: 0.082, ...WENT },
        },
      ],
      clients: [{ client_id: CLIENT_ID, name: 'Blue Bakery', ...USED, ...WENT }],
      tools: [{ name: 'order_status', calls: 9, failed: 1, unknown: 0, duration_ms: { p50: 180, p95: 700 } }],
      ratings: {
        ai: { count: 5, average: 4.4, scores: [0, 0, 1, 1, 3] },
        agent: { count: 0, average: null, scores: [0, 0, 0, 0, 0] },
      },
      handoffs: { requested: 3, taken_over: 2 },
    },
  },
  errors: ['invalid_payload', 'not_found', ...PEOPLE_ERRORS],
} as const satisfies Operation
