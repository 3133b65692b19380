import { setTimeout as delay } from 'node:timers/promises'
import type { AgentTools } from '../../server/agent/run-agent.ts'
import {
  ProviderError,
  type ModelAnswer,
  type ModelRequest,
  type Provider,
} from '../../server/llm/provider.ts'
import type { Gate } from './gate.ts'
import type { Random } from './random.ts'
import type { Witness } from './witness.ts'

/** How a seeded model behaves: probabilities per call, and the longest pause before a piece, in ms. */
export interface Temper {
  tools: number
  fails: number
  /** How often it stalls, and for how many pauses. */
  stalls: number
  pause: number
}

const WORDS = ['boots', 'שלום', 'size 42', '😀', 'tomorrow,', '\n', 'e\u0301t\u00e9', '👩‍👩‍👧', 'in blue.']

/** Every text of a visitor begins with its own name, so that an answer can say what it had read. */
export function tagged(tag: string, words: string): string {
  return `${tag} ${words}`
}

/** What an answer says it had read: the last visitor message, and how many there were. */
export function readTags(content: string): { last: string; count: number }[] {
  return [...content.matchAll(/«(\S+?)#(\d+)»/g)].map(([, last, count]) => ({
    last: last ?? '',
    count: Number(count),
  }))
}

/** A model that streams random pieces of random words, calls tools, fails and stalls, all by its seed. */
export class SeededProvider implements Provider {
  readonly name = 'seeded'
  readonly defaultModel = 'chance-1'
  readonly smallModel = 'chance-0'
  readonly #random: Random
  readonly #gate: Gate
  readonly #temper: Temper

  constructor(random: Random, gate: Gate, temper: Temper) {
    this.#random = random
    this.#gate = gate
    this.#temper = temper
  }

  async ask(
    request: ModelRequest,
    onText: (text: string) => void,
    signal: AbortSignal,
  ): Promise<ModelAnswer> {
    const random = this.#random.fork()
    const { tools, fails, stalls, pause } = this.#temper
    const isSummary = request.model === this.smallModel
    const speech = isSummary ? summaryOf(request) : this.#speech(request, random)
    const pieces = cut(speech, random)
    const failsAt = random.chance(fails) ? random.between(0, pieces.length) : -1
    const stallsAt = random.chance(stalls) ? random.between(0, pieces.length) : -1
    let text = ''
    for (let index = 0; index <= pieces.length; index++) {
      await this.#wait(random.between(0, pause) * (index === stallsAt ? 40 : 1), signal)
      if (index === failsAt) throw new ProviderError('broken_stream', 'the seed says so')
      const piece = pieces[index] ?? ''
      if (piece) onText(piece)
      text += piece
    }
    const usage = {
      input: random.between(1, 99),
      output: random.between(1, 99),
      cached: random.between(0, 1),
    }
    if (request.tools.length === 0 || !random.chance(tools)) return { text, calls: [], stop: 'end', usage }
    const calls = Array.from({ length: random.between(1, 2) }, (_, index) => {
      return { id: `c${index}`, name: 'look_up', arguments: { nonce: crypto.randomUUID() } }
    })
    return { text, calls, stop: 'tools', usage }
  }

  #speech(request: ModelRequest, random: Random): string {
    const users = request.messages.flatMap((message) => (message.role === 'user' ? [message.text] : []))
    const last = users.at(-1)?.split(' ')[0] ?? 'nothing'
    const words = Array.from({ length: random.between(0, 12) }, () => random.pick(WORDS))
    const count = users.length + countSummedUp(request.system.moment)
    return [`«${last}#${count}»`, ...words].join(' ')
  }

  async #wait(ms: number, signal: AbortSignal): Promise<void> {
    await delay(ms, undefined, { signal }).catch(() => signal.throwIfAborted())
    await this.#gate.pass()
    signal.throwIfAborted()
  }
}

/** What a summary says: how many messages of the visitor are in it. */
export function countSummedUp(text: string): number {
  return Number(/«summed up: (\d+)»/.exec(text)?.[1] ?? 0)
}

function summaryOf({ messages }: ModelRequest): string {
  const text = messages.map((message) => ('text' in message ? message.text : '')).join('\n')
  const count = text.split('\n').filter((line) => line.startsWith('{"by":"visitor"')).length
  return `«summed up: ${count + countSummedUp(text)}»`
}

/** Tools that do nothing but be seen. */
export function witnessedTools(witness: Witness, gate: Gate): AgentTools {
  return {
    definitions: [{ name: 'look_up', description: 'Looks up', parameters: { type: 'object' } }],
    run: async (call, key, signal) => {
      await gate.pass()
      signal.throwIfAborted()
      witness.executions.push({ nonce: String(call.arguments?.['nonce']), key })
      return { call_id: call.id, name: call.name, content: 'found', failed: false }
    },
  }
}

/** In pieces of any size, also between two surrogates. */
function cut(text: string, random: Random): string[] {
  const pieces: string[] = []
  for (let at = 0; at < text.length;) {
    const next = at + random.between(1, 9)
    pieces.push(text.slice(at, next))
    at = next
  }
  return pieces
}
