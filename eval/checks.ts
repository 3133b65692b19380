import type { EvalLanguage, Question } from './questions/question.ts'

/** What a model answered, as far as it is judged. */
export interface Answer {
  text: string
  /** Titles of its sources. */
  sources: readonly string[]
  /** How the turn ended; anything but `complete` is no answer. */
  status: string
}

/** What is wrong with an answer, in a few words each; empty: nothing. */
export function faultsOf(question: Question, answer: Answer, language: EvalLanguage): string[] {
  if (answer.status !== 'complete') return [`no answer (${answer.status})`]
  const { text } = answer
  const { mentions = [], avoids = [], unknown = false } = question
  return [
    ...mentions.filter((wanted) => !wanted.test(text)).map((wanted) => `does not mention ${wanted.source}`),
    ...avoids.filter((unwanted) => unwanted.test(text)).map((unwanted) => `says ${unwanted.source}`),
    ...(isIn(language, text) ? [] : ['is in another language']),
    ...(unknown && !DECLINES[language].test(text) ? ['does not say that it does not know'] : []),
    ...sourceFaults(question, answer),
  ]
}

function sourceFaults({ source }: Question, { sources }: Answer): string[] {
  if (source === null) return sources.length > 0 ? [`has a source: ${sources.join(', ')}`] : []
  return source === undefined || sources.includes(source) ? [] : [`lacks its source: ${source}`]
}

/** Names and numbers may be in Latin letters; the sentence is in its own. */
function isIn(language: EvalLanguage, text: string): boolean {
  const hebrew = text.match(/\p{Script=Hebrew}/gu)?.length ?? 0
  const latin = text.match(/\p{Script=Latin}/gu)?.length ?? 0
  return language === 'he' ? hebrew > latin : latin > hebrew
}

/** How somebody says that they do not know. */
const DECLINES: Readonly<Record<EvalLanguage, RegExp>> = {
  en: /(?:do|does|did|can|could|is|are)(?:n['’]t| not)|\bcannot\b|\bno (?:information|price|details?)\b|not (?:sure|able|listed|available)|unable|unfortunately/i,
  he: /לא (?:יודע|ידוע|מצא|נמצא|מופיע|מצוי|קיים|רשום)|אין (?:לי|לנו|כאן|בידי|בידינו|ברשותי|ברשותנו|מידע)|אינ[יה]? (?:יודע|ידוע)|אינו (?:ידוע|מופיע|נמצא)|לצערי|לצערנו|מצטער/,
}
