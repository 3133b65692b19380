import { abortable, sleep } from '../infra/abortable.ts'
import { asksForPerson } from './asks-for-person.ts'
import { decideAct, wordOutcomes } from './offline/act.ts'
import { isAbout } from './offline/phrases.ts'
import { offlineWords, wordAct, wordPassages } from './offline-words.ts'
import { pieces } from './pieces.ts'
import {
  ProviderError,
  type ModelAnswer,
  type ModelRequest,
  type Passage,
  type Provider,
  type SearchKnowledge,
  type ToolCall,
} from './provider.ts'

/** The name of the provider that is no model. */
export const OFFLINE = 'offline'

/** The function by which models search the same knowledge: quoting it goes on where they were. */
export const SEARCHING = 'search_knowledge'

/** The function by which a person is asked for. */
export const HANDING_OVER = 'hand_over'

/** How fast the offline provider speaks. */
export interface Pace {
  /** Milliseconds before the first words: messages sent in a row become one question meanwhile. */
  firstMs: number
  /** Milliseconds between two pieces of text. */
  pieceMs: number
}

export const OFFLINE_PACE: Readonly<Pace> = { firstMs: 300, pieceMs: 25 }

/** Passages shown at most, and how near to the best one's score the others must come. */
const MOST_PASSAGES = 3
const NEAR_THE_BEST = 0.6

/** Characters of a question that are searched for, the latest ones: more is a pasted document. */
const LONGEST_QUESTION = 8_000

/** Characters of a question that a person reads as the reason. */
const LONGEST_REASON = 300

/** Nothing in the knowledge helps where a model has failed: then that it failed is what is told. */
export class NothingKnown extends ProviderError {
  constructor() {
    super('rejected', 'The knowledge holds nothing that could stand in for a model')
  }
}

/** Functions that are not called because a question says their names. */
const OURS: ReadonlySet<string> = new Set([SEARCHING, HANDING_OVER])

/**
 * The provider of an installation without any model: answers with passages of the client's own knowledge, word for
 * word, and says so; who plainly asks for a person is handed over. Where the words of a question fit a tool that it is
 * offered, it calls that, or asks for what the call needs, and tells what came of it (`offline/act.ts`). It streams like
 * any other. Where it stands in for models that failed it says that, only quotes, and rejects with `NothingKnown` when
 * it finds nothing, or when a model had begun to speak or to act. `now`: milliseconds since the epoch.
 */
export function createOffline(
  searchKnowledge: SearchKnowledge,
  pace: Pace = OFFLINE_PACE,
  standsIn = false,
  now: () => number = Date.now,
): Provider {
  return {
    name: OFFLINE,
    defaultModel: 'passages',
    smallModel: null,
    async ask(request, onText, signal) {
      signal.throwIfAborted()
      const question = lastQuestion(request)
      const words = offlineWords(question, request.locale, standsIn)
      const say = async (text: string, passages: readonly Passage[] = []) => {
        await speak(text, pace, onText, signal)
        return answer(text, passages)
      }
      if (hasHandedOver(request)) return say(words.asked)
      if (standsIn && hasBegun(request)) throw new NothingKnown()
      const outcome = wordOutcomes(request, OURS)
      if (outcome && !outcome.isVain) return say(wordAct(outcome.text, [], words))
      if (!outcome && mayHandOver(request) && asksForPerson(question)) return call([handOver(question)])
      const found = await abortable(
        searchKnowledge({ client_id: request.client_id, text: question, limit: MOST_PASSAGES }),
        signal,
      )
      const passages = nearTheBest(found)
      if (standsIn && passages.length === 0) throw new NothingKnown()
      if (outcome) return say(wordAct(outcome.text, passages, words), passages)
      const act = standsIn ? QUOTE : decideAct(request, { ours: OURS, now: now(), passages })
      if (act.does === 'call') return call(act.calls)
      if (act.does === 'nothing') return say(wordPassages(passages, words), passages)
      const fitting = passages.filter(({ title }) => isAbout(question, title))
      return say(wordAct(act.question, fitting, words), fitting)
    },
  }
}

const QUOTE = { does: 'nothing' } as const

/** Whether a model said something since the question, or did more than look into the knowledge. */
function hasBegun({ messages }: ModelRequest): boolean {
  const asked = messages.findLastIndex(({ role }) => role === 'user')
  return messages.slice(asked + 1).some((message) => {
    if (message.role !== 'assistant') return false
    return message.text !== '' || (message.step?.calls ?? []).some(({ name }) => name !== SEARCHING)
  })
}

/** A person was asked for just now, by whomever. */
function hasHandedOver({ messages }: ModelRequest): boolean {
  const last = messages.at(-1)
  return last?.role === 'tool' && last.results.some(({ name, failed }) => name === HANDING_OVER && !failed)
}

function mayHandOver({ tools, mayCall }: ModelRequest): boolean {
  return mayCall && tools.some(({ name }) => name === HANDING_OVER)
}

function handOver(question: string): ToolCall {
  const reason = question.slice(0, LONGEST_REASON).toWellFormed()
  return { id: 'asked4one', name: HANDING_OVER, arguments: { reason } }
}

function call(calls: ToolCall[]): ModelAnswer {
  return { text: '', calls, stop: 'tools', usage: { input: 0, output: 0, cached: 0 } }
}

/** The user's messages since the last answer, joined: three fragments are one question. */
function lastQuestion({ messages }: ModelRequest): string {
  const fragments: string[] = []
  for (const message of messages.toReversed()) {
    if (message.role === 'user') fragments.unshift(message.text)
    else if (fragments.length > 0) break
  }
  return fragments.join('\n').slice(-LONGEST_QUESTION)
}

function nearTheBest(found: readonly Passage[]): Passage[] {
  const best = found[0]?.score ?? 0
  return found.slice(0, MOST_PASSAGES).filter((passage) => passage.score >= best * NEAR_THE_BEST)
}

async function speak(
  text: string,
  pace: Pace,
  onText: (text: string) => void,
  signal: AbortSignal,
): Promise<void> {
  let wait = pace.firstMs
  for (const piece of pieces(text)) {
    await sleep(wait, signal)
    onText(piece)
    wait = pace.pieceMs
  }
  signal.throwIfAborted()
}

function answer(text: string, passages: readonly Passage[]): ModelAnswer {
  const sources = passages.map(({ title, url }) => (url === undefined ? { title } : { title, url }))
  return {
    text,
    calls: [],
    stop: 'end',
    usage: { input: 0, output: 0, cached: 0 },
    ...(sources.length === 0 ? {} : { sources }),
  }
}
