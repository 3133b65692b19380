import type { ToolDefinition } from '../provider.ts'
import { knowTool, matchTool, type KnownTool, type Match } from './match-tool.ts'
import { isSpoken, type Parameter } from './parameters.ts'
import { readMissing, readValues, type Values } from './read-values.ts'

/** One exchange: what the visitor wrote in a row, and what was answered; null: nothing yet. */
export interface Exchange {
  said: string
  answer: string | null
}

/** A call as it is planned. */
export interface PlannedCall {
  name: string
  arguments: Values
}

/** What the last exchange asks for. `isPlain`: by more than words that may mean something else. */
export type Plan =
  | { does: 'call'; calls: PlannedCall[]; isPlain: boolean }
  | { does: 'ask'; missing: Parameter[] }
  | { does: 'nothing' }

/** What planning goes by. */
export interface Planning {
  /** Oldest first; the last one has no answer. */
  exchanges: readonly Exchange[]
  tools: readonly ToolDefinition[]
  /** `YYYY-MM-DD`, where the business is. */
  today: string
  /** Whether an answer asks for these values. */
  asksFor: (answer: string, missing: readonly Parameter[]) => boolean
}

/** Calls planned for one message, characters of it that are read (the last ones), and exchanges that are looked at. */
const MOST_CALLS = 4
const LONGEST = 600
const MOST_EXCHANGES = 6

/**
 * Plans what a visitor's words ask of the tools: by the words of their names and the form of their parameters, and
 * nothing cleverer. What was asked for before is filled in with what is said now.
 */
export function planCalls({ exchanges, tools, today, asksFor }: Planning): Plan {
  const known = tools.map(knowTool)
  let open: Match[] = []
  let before: string | null = null
  for (const { said, answer } of exchanges.slice(-MOST_EXCHANGES)) {
    const text = said.slice(-LONGEST)
    const fresh = matchAll(text, known, today)
    const [asked] = open.filter(({ missing }) => missing.length > 0)
    const isAnswer = asked && before !== null && asksFor(before, asked.missing)
    open = isAnswer && fresh.length === 0 && !TAKEN_BACK.test(text) ? [fill(asked, text, today)] : fresh
    before = answer
  }
  return planOf(open)
}

/** All that a message asks for, each part of it by itself. */
function matchAll(text: string, tools: readonly KnownTool[], today: string): Match[] {
  const found: Match[] = []
  for (const part of partsOf(text)) {
    const match = matchTool(part, tools, today) ?? more(part, found.at(-1), today)
    if (match) found.push(match)
  }
  const [only] = found
  return found.length === 1 && only ? [complete(only, text, today)] : found
}

/** "Where is order 1001, and 1002?": the same is asked of another value whose form shows it. */
function more(part: string, before: Match | undefined, today: string): Match | null {
  if (!before?.isPlain || before.tool.acts.length > 0) return null
  const needed = before.tool.parameters.filter(({ required }) => required)
  if (needed.some(isSpoken)) return null
  const values = readValues(needed, { text: part, taken: [], today })
  return needed.every(({ name }) => values[name] !== undefined) ? { ...before, values, missing: [] } : null
}

/** What is missing may stand in another sentence of the message, where its form shows it. */
function complete(match: Match, text: string, today: string): Match {
  const shown = match.missing.filter(({ kind }) => kind !== 'text')
  return withValues(match, readValues(shown, { text, taken: [], today }))
}

function fill(asked: Match, text: string, today: string): Match {
  return { ...withValues(asked, readMissing(asked.missing, text, today)), isPlain: true }
}

function withValues(match: Match, more: Values): Match {
  const values = { ...match.values, ...more }
  return { ...match, values, missing: match.missing.filter(({ name }) => values[name] === undefined) }
}

function planOf(matches: readonly Match[]): Plan {
  const ready = matches.filter(({ missing }) => missing.length === 0)
  if (ready.length > 0) {
    const calls = ready.map(({ tool, values }) => ({ name: tool.definition.name, arguments: values }))
    const different = [...new Map(calls.map((call) => [JSON.stringify(call), call])).values()]
    const isPlain = ready.some((match) => match.isPlain)
    return { does: 'call', calls: different.slice(0, MOST_CALLS), isPlain }
  }
  const [lacking] = matches
  return lacking ? { does: 'ask', missing: lacking.missing } : { does: 'nothing' }
}

/** Sentences, and what "and" joins. A full stop inside of 10.30 ends nothing. */
function partsOf(text: string): string[] {
  return text.split(
    /[?!\n;]+|\.(?=\s|$)|,?\s+(?:and|also)\s+|,\s|,?\s+ו(?=יש |איפה |מה |כמה |האם |מתי |הזמנה )/iu,
  )
}

/** Who is asked for more may have changed their mind. */
const TAKEN_BACK =
  /[?？]|(?<![\p{L}])(?:never ?mind|forget it|no,? thanks?|no thank you|cancel|stop|not now|לא תודה|עזבו?|לא משנה|ביטול|תודה לא)(?![\p{L}])/iu
