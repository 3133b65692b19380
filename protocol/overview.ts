import Type, { type Static } from 'typebox'
import { Uuid } from './records.ts'

const closed = { additionalProperties: false }

/** Days that one overview spans at most. */
export const OVERVIEW_DAYS = 366

const Day = Type.String({ pattern: '^[0-9]{4}-[0-9]{2}-[0-9]{2}$', description: 'UTC.' })
const amount = Type.Integer({ minimum: 0 })

/** Milliseconds; null where nothing was measured. */
const Times = Type.Object({
  p50: Type.Union([amount, Type.Null()]),
  p95: Type.Union([amount, Type.Null()]),
})

/** From the day `from` to the day `to`, both included; without them the last 30 days. */
export const OverviewQuery = Type.Object(
  { client_id: Type.Optional(Uuid), from: Type.Optional(Day), to: Type.Optional(Day) },
  closed,
)
export type OverviewQuery = Static<typeof OverviewQuery>

/** What was used; kept for ever. */
const usage = {
  conversations: amount,
  messages: amount,
  tokens_input: amount,
  tokens_output: amount,
  tool_calls: amount,
  cost: Type.Number({ minimum: 0, description: 'US dollars.' }),
}

/** How answers went, as long as turns are kept. */
const answering = {
  answers: amount,
  failed: Type.Integer({ minimum: 0, description: 'Of the answers.' }),
  first_token_ms: Times,
  total_ms: Times,
}

const Ratings = Type.Object({
  count: amount,
  average: Type.Union([Type.Number(), Type.Null()]),
  scores: Type.Array(amount, { minItems: 5, maxItems: 5, description: 'How many gave 1, 2, 3, 4, 5.' }),
})

export const Overview = Type.Object({
  from: Day,
  to: Day,
  totals: Type.Object({ ...usage, ...answering, stopped: amount, from_cache: amount }),
  /** Each day of the time asked about, also those on which nothing was. */
  days: Type.Array(Type.Object({ date: Day, ...usage, ...answering })),
  /** The dearest first. */
  models: Type.Array(
    Type.Object({
      ...{ provider: Type.String(), model: Type.String(), turns: amount },
      ...{ tokens_input: amount, tokens_output: amount, tokens_cached: amount, tokens_estimated: amount },
      ...{ cost: usage.cost, ...answering },
    }),
  ),
  /** The dearest first, at most 100. */
  clients: Type.Array(Type.Object({ client_id: Uuid, name: Type.String(), ...usage, ...answering })),
  /** The most called first, at most 100. `unknown`: begun, and how they ended is not known. */
  tools: Type.Array(
    Type.Object({
      ...{ name: Type.String(), calls: amount, failed: amount, unknown: amount, duration_ms: Times },
    }),
  ),
  ratings: Type.Object({ ai: Ratings, agent: Ratings }),
  handoffs: Type.Object({
    requested: amount,
    /** Conversations that somebody took over, asked for or not. */
    taken_over: amount,
  }),
})
export type Overview = Static<typeof Overview>
