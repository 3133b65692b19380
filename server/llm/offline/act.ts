import { languageOf, type Language } from '../../infra/language.ts'
import type { ModelRequest, Passage, ToolCall, ToolResult } from '../provider.ts'
import { exchangesOf, resultsSince } from './exchanges.ts'
import { parameterLabel } from './labels.ts'
import type { Parameter } from './parameters.ts'
import { isAbout } from './phrases.ts'
import { planCalls, type PlannedCall } from './plan-calls.ts'
import { isEmpty, readResult } from './read-result.ts'
import { isList, plain, wordResult } from './word-results.ts'

/** What is done about a question beside quoting: nothing; calls; or it is asked what is missing. */
export type Act =
  | { does: 'nothing' }
  | { does: 'call'; calls: ToolCall[] }
  /** `question`: a sentence; what the knowledge says may stand below it. */
  | { does: 'ask'; question: string }

/** Functions that are ours: they are called for other reasons than words that are alike. */
export interface Acting {
  ours: ReadonlySet<string>
  /** Milliseconds since the epoch. */
  now: number
  /** What the knowledge says about the question, best first. */
  passages: readonly Passage[]
}

/** Decides by simple words and forms what the last question asks of the tools that are offered. */
export function decideAct(request: ModelRequest, { ours, now, passages }: Acting): Act {
  const tools = request.tools.filter(({ name }) => !ours.has(name))
  const exchanges = exchangesOf(request.messages)
  const last = exchanges.at(-1)
  if (!request.mayCall || tools.length === 0 || !last || last.answer !== null) return { does: 'nothing' }
  const today = dayIn(request.time_zone ?? 'UTC', now)
  const plan = planCalls({ exchanges, tools, today, asksFor })
  if (plan.does === 'nothing') return plan
  if (plan.does === 'ask') {
    const language = languageOf(last.said, request.locale)
    return { does: 'ask', question: wordQuestion(plan.missing, language) }
  }
  // The help pages answer this very question: no guess by words is better.
  const isAnswered = !plan.isPlain && passages.some(({ title }) => isAbout(last.said, title))
  return isAnswered ? { does: 'nothing' } : { does: 'call', calls: plan.calls.map(numbered) }
}

/** What came of the calls since the question. */
export interface Outcome {
  text: string
  /** Nothing of what was guessed by words is there: the knowledge may know better. */
  isVain: boolean
}

/** Words what was called since the last question; null where nothing was. */
export function wordOutcomes(
  { messages, locale }: Pick<ModelRequest, 'messages' | 'locale'>,
  ours: ReadonlySet<string>,
): Outcome | null {
  const called = resultsSince(messages).filter(({ result }) => !ours.has(result.name))
  if (called.length === 0) return null
  const said = messages.flatMap((message) => (message.role === 'user' ? [message.text] : []))
  const language = languageOf(said, locale)
  const texts = called.map(({ call, result }) => {
    const told = readResult(result)
    const text = wordResult(told, language)
    const needsHeading = called.length > 1 && call !== null && !isList(told)
    return needsHeading ? `${heading(call)}${text}` : text
  })
  return { text: texts.join('\n\n'), isVain: called.every(isVain) }
}

function isVain({ call, result }: { call: ToolCall | null; result: ToolResult }): boolean {
  const isGuess = !/\d/.test(JSON.stringify(call?.arguments ?? {}))
  return isGuess && isEmpty(readResult(result))
}

/** Asks for what is missing. What is asked is told again by `asksFor`. */
function wordQuestion(missing: readonly Parameter[], language: Language): string {
  const labels = missing.map((parameter) => parameterLabel(parameter, language))
  const [last = '', ...others] = labels.toReversed()
  if (language === 'he')
    return `כתבו לי בבקשה: ${others.length > 0 ? `${others.toReversed().join(', ')} ו${last}` : last}.`
  return `Please tell me the ${others.length > 0 ? `${others.toReversed().join(', ')} and ${last}` : last}.`
}

function asksFor(answer: string, missing: readonly Parameter[]): boolean {
  return (['en', 'he'] as const).some((language) => answer.includes(wordQuestion(missing, language)))
}

/** What a call was about: its values. */
function heading({ arguments: given }: ToolCall): string {
  const values = Object.values(given ?? {}).filter((value) => ['string', 'number'].includes(typeof value))
  return values.length === 0 ? '' : `**${plain(values.join(', '))}**\n\n`
}

function numbered({ name, arguments: given }: PlannedCall, index: number): ToolCall {
  return { id: `offline${String(index).padStart(2, '0')}`, name, arguments: given }
}

/** `YYYY-MM-DD`. A zone that there is not is taken for UTC. */
function dayIn(timeZone: string, now: number): string {
  const format = { year: 'numeric', month: '2-digit', day: '2-digit' } as const
  try {
    return new Intl.DateTimeFormat('en-CA', { ...format, timeZone }).format(now)
  } catch {
    return new Date(now).toISOString().slice(0, 10)
  }
}
