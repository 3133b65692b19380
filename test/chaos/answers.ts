import { Random } from '../heart/random.ts'

/** Stands in every message and every answer: whatever holds it is somebody's words, and no log line may. */
export const CANARY = 'canary'

const WORDS = ['hello', 'שלום', '👋🏽', 'a\nline', 'naïve', '𝒜𝓃', 'ok', '**bold**', 'مرحبا', '—']

/** What a visitor writes; its id is in it, so that an answer can tell which message it answers. */
export function questionOf(id: string, random: Random): string {
  const words = Array.from({ length: random.between(1, 12) }, () => random.pick(WORDS))
  return `${CANARY} [${id}] ${words.join(' ')}?`
}

/** What the model says to a question, in pieces; `before` it calls its tool, where it does. */
export interface PlannedAnswer {
  before: string[] | null
  pieces: string[]
}

/**
 * The answer to a question: numbered, and with a last piece, so that it tells by itself whether something is missing,
 * twice or in another's answer. The same question has the same answer, whoever asks how often.
 */
export function planAnswer(question: string): PlannedAnswer {
  const id = /\[([\w.:-]+)\][^[]*$/.exec(question)?.[1] ?? 'nobody'
  const random = new Random(Buffer.from(id).reduce((sum, byte) => (sum * 31 + byte) >>> 0, 7))
  const pieces = Array.from({ length: random.between(10, 60) }, (_, n) => `${n}:${random.pick(WORDS)} `)
  const first = `${CANARY} [${id}] `
  return random.chance(CHANCE_OF_TOOL)
    ? { before: [first, 'one moment.'], pieces: [...pieces, '.'] }
    : { before: null, pieces: [first, ...pieces, '.'] }
}

const CHANCE_OF_TOOL = 0.3

/** The whole text; what is said before and after a tool call are two paragraphs. */
export function answerTo(question: string): string {
  const { before, pieces } = planAnswer(question)
  return [...(before ? [before.join('')] : []), pieces.join('')].join('\n\n')
}
