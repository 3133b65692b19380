import { englishStem } from './english.ts'
import { hebrewForms, isHebrew, unprefixed, withoutEnding, withoutFinalLetters } from './hebrew.ts'
import { stopWords } from './stop-words.ts'
import { readSynonyms } from './synonyms.ts'

/** A word longer than this is no word; Postgres refuses lexemes over 2 KB. */
const LONGEST_WORD = 64
/** Single letters match everything and mean nothing. */
const SHORTEST_WORD = 2
/** How many different words of a question are looked for. */
const MOST_QUERY_WORDS = 32

const STOP_WORDS = stopWords(normalise)
const SYNONYMS = readSynonyms(normalise, (word) => (isAscii(word) ? englishStem(word) : word))

/** Text made ready for `to_tsvector`: words between blanks, apart by the configuration that must read them. */
export interface IndexText {
  english: string
  simple: string
}

/** What to look for in one text-search configuration: word by word, as asked and with what stands for it as well. */
export interface QueryWords {
  /** Each is a valid `to_tsquery` operand, or several joined by `|`. */
  asked: string[]
  /** In the same order, each holding what was asked. */
  wide: string[]
}

/** The words of a question, by the configuration that must read them. */
export interface QueryTerms {
  english: QueryWords
  simple: QueryWords
}

/** The terms under which a text can be found. */
export function indexText(text: string): IndexText {
  const english: string[] = []
  const simple: string[] = []
  for (const word of readWords(text)) {
    if (isAscii(word)) english.push(word)
    else simple.push(...formsOf(word))
  }
  return { english: english.join(' '), simple: simple.join(' ') }
}

/**
 * What to look for when somebody asks `text`, which may be any string. Words that stand for one another count as one
 * word. Nothing but letters and digits comes through, so the terms cannot be read as operators of a text-search query.
 */
export function queryTerms(text: string): QueryTerms {
  const meant = new Map<string, string[]>()
  for (const word of contentWords(text, MOST_QUERY_WORDS)) {
    const group = (synonymsOf(word) ?? [word]).join(' ')
    meant.set(group, [...(meant.get(group) ?? []), word])
  }
  const terms: QueryTerms = { english: { asked: [], wide: [] }, simple: { asked: [], wide: [] } }
  for (const [group, words] of meant) {
    const { asked, wide } = words.every(isAscii) ? terms.english : terms.simple
    const forms = words.flatMap(formsOf)
    asked.push(anyOf(forms))
    // A group's own words have nothing glued to their front: taking letters off them would make other words.
    wide.push(anyOf([...forms, ...group.split(' ').flatMap(withoutEnding)]))
  }
  return terms
}

function anyOf(words: readonly string[]): string {
  return [...new Set(words)].join(' | ')
}

function synonymsOf(word: string): readonly string[] | undefined {
  if (isAscii(word)) return SYNONYMS.get(englishStem(word))
  for (const form of formsOf(word)) {
    const group = SYNONYMS.get(form)
    if (group) return group
  }
  return undefined
}

/** The forms of every word of a text that says something, word by word, for comparing it with another text. */
export function comparableWords(text: string): string[][] {
  return [...contentWords(text, Infinity)].map((word) =>
    isAscii(word) ? [englishStem(word)] : formsOf(word),
  )
}

function contentWords(text: string, most: number): Set<string> {
  const words = new Set<string>()
  for (const word of readWords(text)) {
    if (words.size === most) break
    if (!isStop(word)) words.add(word)
  }
  return words
}

function isStop(word: string): boolean {
  return STOP_WORDS.has(word) || (isHebrew(word) && unprefixed(word).some((form) => STOP_WORDS.has(form)))
}

function* readWords(text: string): Generator<string> {
  for (const [word] of normalise(text).matchAll(/[\p{L}\p{N}]+/gu)) {
    if (word.length >= SHORTEST_WORD && word.length <= LONGEST_WORD) yield word
  }
}

/**
 * Lower case, without accents and niqqud, Hebrew without final forms; a geresh or quotation mark inside a Hebrew
 * word belongs to it (ש״ח, ג'ינס), a maqaf parts two words.
 */
function normalise(text: string): string {
  const plain = text
    .normalize('NFKD')
    .toLowerCase()
    .replace(/\p{M}+/gu, '')
    .normalize('NFKC')
  return withoutFinalLetters(plain).replace(/(?<=[א-ת])['"׳״’”](?=[א-ת])/g, '')
}

function formsOf(word: string): string[] {
  return isHebrew(word) ? hebrewForms(word) : [word]
}

function isAscii(word: string): boolean {
  return /^[a-z0-9]+$/.test(word)
}
