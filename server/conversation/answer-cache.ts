import { createHash } from 'node:crypto'
import type { Source } from '../../protocol/records.ts'
import type { Cache } from '../infra/cache.ts'
import { KEYS } from '../infra/keys.ts'
import type { NamedModel } from '../llm/models.ts'
import type { ModelParameters, SystemPrompt, ToolDefinition } from '../llm/provider.ts'

/** An answer as it may be given again. */
export interface KeptAnswer extends NamedModel {
  text: string
  sources: Source[]
}

/** Answers to first questions, for whoever asks the same of the same client a little later. */
export interface AnswerCache {
  find(key: string): Promise<KeptAnswer | null>
  keep(key: string, answer: KeptAnswer): void
}

/** Milliseconds for which an answer may be given again. */
const KEPT_FOR = 300_000

/** Raised when what is kept changes: nodes of two releases may share a cache. */
const VERSION = 1

export function createAnswerCache(cache: Cache): AnswerCache {
  return {
    async find(key) {
      const kept = await cache.get(KEYS.answer(key))
      return kept === null ? null : (JSON.parse(kept) as KeptAnswer)
    },
    keep(key, { text, sources, provider, model }) {
      const value = JSON.stringify({ text, sources, provider, model })
      void cache.set(KEYS.answer(key), value, KEPT_FOR)
    },
  }
}

/** All that an answer depends on: whatever is not the same makes it another question. */
export interface AskedFirst {
  client_id: string
  /** The client's own words, the prompt's, its tone, the language, the date: all that a model reads of them. */
  system: SystemPrompt
  prompt_version: string
  /** Counts the changes of the client's knowledge; false where it is not used. */
  knowledge: number | false
  /** Who is to answer. */
  model: NamedModel
  parameters: ModelParameters | null
  tools: readonly ToolDefinition[]
  /** As BCP 47; null where only the model can tell. */
  language: string | null
  locale: string | null
  question: string
}

/** The SHA-256 of everything that an answer depends on, the question normalised. */
export function answerKey(asked: AskedFirst): string {
  const parts = { version: VERSION, ...asked, question: normalise(asked.question) }
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex')
}

/** The same in other case, with other spaces, another full stop or none, composed or not. Nothing else is the same. */
export function normalise(question: string): string {
  const words = question.normalize('NFC').toLowerCase().trim().replace(/\s+/gu, ' ')
  return words.replace(/ ?[.!?…。！？؟]+$/u, '')
}
