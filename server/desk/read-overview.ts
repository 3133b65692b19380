import { OVERVIEW_DAYS, type Overview, type OverviewQuery } from '../../protocol/overview.ts'
import { refuse, succeed, type Result } from '../../protocol/result.ts'
import type { Database } from '../infra/database.ts'
import { ANSWERS, HANDOFFS, MODELS, NAMES, RATINGS, TOOLS, USAGE } from './overview-statements.ts'

type Usage = Pick<
  Overview['totals'],
  'conversations' | 'messages' | 'tokens_input' | 'tokens_output' | 'tool_calls' | 'cost'
>
type Answering = Pick<Overview['totals'], 'answers' | 'failed' | 'first_token_ms' | 'total_ms'>

type UsageRow = Usage & { date: string | null; client_id: string | null }

interface AnswersRow {
  /** Bits of what the row is not grouped by: date 8, client 4, provider 2, model 1. */
  grouped: number
  date: string | null
  client_id: string | null
  provider: string | null
  model: string | null
  answers: number
  failed: number
  stopped: number
  from_cache: number
  first_token_ms: Percentiles
  total_ms: Percentiles
}

/** The 50th and the 95th; null where nothing was measured. */
type Percentiles = [number | null, number | null] | null

type ModelRow = Omit<Overview['models'][number], keyof Answering>
type ToolRow = Omit<Overview['tools'][number], 'duration_ms'> & { duration_ms: Percentiles }
type RatingRow = { subject: 'ai' | 'agent'; score: number; count: number }

/** Days of an overview where none are asked for. */
const USUAL_DAYS = 30

/** Clients that are told apart at most. */
const CLIENTS = 100

/**
 * What was used and how it went in a time, of a client, or of all where `scope` is null. Refuses with `invalid_payload`
 * what are no days, end before they begin, or are too many.
 */
export async function readOverview(
  database: Pick<Database, 'run'>,
  scope: string | null,
  query: OverviewQuery,
  now = new Date(),
): Promise<Result<Overview>> {
  const days = daysOf(query, now)
  if (!days.ok) return days
  const [from = '', to = ''] = [days.data[0], days.data.at(-1)]
  const asked = [scope, from, to]
  const usage = await database.run<UsageRow>(USAGE, asked)
  const answers = await database.run<AnswersRow>(ANSWERS, asked)
  const answersBy = (grouped: number, fits: (row: AnswersRow) => boolean = () => true) =>
    answers.find((row) => row.grouped === grouped && fits(row))
  const total = answersBy(GROUPED.all)
  return succeed({
    ...{ from, to },
    totals: {
      ...usageOf(usage.find(({ date, client_id }) => date === null && client_id === null)),
      ...answeringOf(total),
      ...{ stopped: total?.stopped ?? 0, from_cache: total?.from_cache ?? 0 },
    },
    days: days.data.map((date) => ({
      ...{ date, ...usageOf(usage.find((row) => row.date === date)) },
      ...answeringOf(answersBy(GROUPED.day, (row) => row.date === date)),
    })),
    models: (await database.run<ModelRow>(MODELS, asked)).map((row) => ({
      ...row,
      ...answeringOf(
        answersBy(GROUPED.model, ({ provider, model }) => provider === row.provider && model === row.model),
      ),
    })),
    clients: await clientsOf(database, usage, (id) =>
      answersBy(GROUPED.client, (row) => row.client_id === id),
    ),
    tools: (await database.run<ToolRow>(TOOLS, asked)).map(({ duration_ms, ...tool }) => ({
      ...{ ...tool, duration_ms: timesOf(duration_ms) },
    })),
    ratings: ratingsOf(await database.run<RatingRow>(RATINGS, asked)),
    handoffs: await handoffsOf(database, asked),
  })
}

/** As Postgres' `grouping` tells them. */
const GROUPED = { all: 15, day: 7, client: 11, model: 12 } as const

const DAY_MS = 24 * 60 * 60 * 1000

/** Each day that is asked for, `YYYY-MM-DD`. */
function daysOf({ from, to }: OverviewQuery, now: Date): Result<string[]> {
  const last = to === undefined ? startOfDay(now.toISOString()) : startOfDay(to)
  const first = from === undefined ? last - (USUAL_DAYS - 1) * DAY_MS : startOfDay(from)
  const count = (last - first) / DAY_MS + 1
  if (Number.isNaN(count)) return refuse('invalid_payload', 'There is no such day.')
  if (count < 1) return refuse('invalid_payload', 'The last day is before the first.')
  if (count > OVERVIEW_DAYS)
    return refuse('invalid_payload', `${OVERVIEW_DAYS} days at most are told at once.`)
  return succeed(Array.from({ length: count }, (_, at) => dayOf(first + at * DAY_MS)))
}

function dayOf(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10)
}

/** NaN where there is no such day. */
function startOfDay(text: string): number {
  const day = text.slice(0, 10)
  const ms = Date.parse(`${day}T00:00:00.000Z`)
  return Number.isNaN(ms) || dayOf(ms) !== day ? NaN : ms
}

function usageOf(row: UsageRow | undefined): Usage {
  const { conversations = 0, messages = 0, tokens_input = 0 } = row ?? {}
  const { tokens_output = 0, tool_calls = 0, cost = 0 } = row ?? {}
  return { conversations, messages, tokens_input, tokens_output, tool_calls, cost }
}

function answeringOf(row: AnswersRow | undefined): Answering {
  return {
    ...{ answers: row?.answers ?? 0, failed: row?.failed ?? 0 },
    first_token_ms: timesOf(row?.first_token_ms ?? null),
    total_ms: timesOf(row?.total_ms ?? null),
  }
}

function timesOf(percentiles: Percentiles): Answering['total_ms'] {
  const [p50, p95] = percentiles ?? [null, null]
  return { p50, p95 }
}

async function clientsOf(
  database: Pick<Database, 'run'>,
  usage: readonly UsageRow[],
  answersOf: (clientId: string) => AnswersRow | undefined,
): Promise<Overview['clients']> {
  const dearest = usage
    .flatMap(({ client_id, ...row }) => (client_id === null ? [] : { ...row, client_id }))
    .sort((a, b) => b.cost - a.cost || b.conversations - a.conversations)
    .slice(0, CLIENTS)
  const rows = await database.run<{ id: string; name: string }>(NAMES, [dearest.map((row) => row.client_id)])
  const names = new Map(rows.map(({ id, name }) => [id, name]))
  return dearest.map(({ client_id, ...row }) => ({
    ...{ client_id, name: names.get(client_id) ?? '' },
    ...usageOf({ ...row, client_id }),
    ...answeringOf(answersOf(client_id)),
  }))
}

function ratingsOf(rows: readonly RatingRow[]): Overview['ratings'] {
  const of = (subject: RatingRow['subject']) => {
    const scores = [1, 2, 3, 4, 5].map(
      (score) => rows.find((row) => row.subject === subject && row.score === score)?.count ?? 0,
    )
    const count = scores.reduce((sum, one) => sum + one, 0)
    const sum = scores.reduce((all, one, at) => all + one * (at + 1), 0)
    return { count, average: count === 0 ? null : sum / count, scores }
  }
  return { ai: of('ai'), agent: of('agent') }
}

async function handoffsOf(
  database: Pick<Database, 'run'>,
  asked: readonly unknown[],
): Promise<Overview['handoffs']> {
  const [row] = await database.run<Overview['handoffs']>(HANDOFFS, asked)
  return row ?? { requested: 0, taken_over: 0 }
}
