import type { Language } from '../../infra/language.ts'
import { fieldLabel, valueLabel } from './labels.ts'
import type { Told } from './read-result.ts'

/** Lines of one thing, things of one result, and characters of one text that are told. */
const MOST_LINES = 14
const MOST_THINGS = 5
const LONGEST = 400

/** Whether it is a list of things, which are told by their names. */
export function isList(told: Told): boolean {
  return told.kind === 'data' && listOf(told.value) !== null
}

/** Words a result for a person, as markdown in which nothing of the result is a mark. */
export function wordResult(told: Told, language: Language): string {
  const words = WORDS[language]
  switch (told.kind) {
    case 'data':
      return wordData(told.value, language)
    case 'text':
      return plain(told.text)
    case 'failed':
      return told.reason === null ? words.failed : `${words.sorry} ${plain(told.reason)}`
    default:
      return words[told.kind]
  }
}

const WORDS = {
  en: {
    ...{ done: 'That is done.', yes: 'yes', no: 'no', none: 'none', nothing: 'Nothing was found.' },
    started: 'That is in progress; I do not know its result yet.',
    unknown: 'I am sorry, something went wrong halfway, and I do not know whether it took effect.',
    declined: 'All right, that was not done.',
    ...{ failed: 'I am sorry, that did not work.', sorry: 'I am sorry.' },
    more: (count: number) => `and ${String(count)} more`,
  },
  he: {
    ...{ done: 'בוצע.', yes: 'כן', no: 'לא', none: 'אין', nothing: 'לא נמצא דבר.' },
    started: 'הבקשה בטיפול; התוצאה עדיין לא ידועה.',
    unknown: 'מצטערים, משהו השתבש באמצע, ולא ידוע אם הפעולה בוצעה.',
    declined: 'בסדר, זה לא בוצע.',
    ...{ failed: 'מצטערים, זה לא הצליח.', sorry: 'מצטערים.' },
    more: (count: number) => `ועוד ${String(count)}`,
  },
} as const

/** A list of things, alone or as the only field, is told thing by thing; anything else field by field. */
function wordData(value: unknown, language: Language): string {
  const things = listOf(value)
  if (things === null) return isRecord(value) ? wordRecord(value, language) : wordValue(value, language)
  if (things.length === 0) return WORDS[language].nothing
  const shown = things.slice(0, MOST_THINGS).map((thing) => wordThing(thing, language))
  const left = things.length - shown.length
  return [...shown, ...(left > 0 ? [WORDS[language].more(left)] : [])].join('\n\n')
}

function listOf(value: unknown): Record<string, unknown>[] | null {
  const fields = isRecord(value) ? Object.values(value) : []
  const list = fields.length === 1 ? fields[0] : value
  return Array.isArray(list) && list.every(isRecord) ? list : null
}

/** Under what it is called. */
function wordThing(thing: Record<string, unknown>, language: Language): string {
  const { name, title = name, ...rest } = thing
  if (typeof title !== 'string') return wordRecord(thing, language)
  return `**${plain(title)}**\n\n${wordRecord(rest, language)}`
}

/** A sentence that the other side has written comes first, then one line for each field. */
function wordRecord(value: Record<string, unknown>, language: Language): string {
  const { message, ...rest } = value
  const sentence = typeof message === 'string' && message.trim() !== '' ? plain(message) : null
  const fields = Object.entries(rest).filter(([name, one]) => isTelling(name, one))
  const lines = fields.map(([name, one]) => {
    const label = plain(fieldLabel(isDay(one) ? name.replace(/_(?:at|on)$/, '') : name, language))
    return `- **${label}:** ${wordValue(one, language)}`
  })
  const shown = lines.slice(0, MOST_LINES)
  const left = lines.length - shown.length
  if (left > 0) shown.push(`- ${WORDS[language].more(left)}`)
  const told = [sentence, shown.join('\n')].filter((part) => part !== null && part !== '').join('\n\n')
  return told === '' ? WORDS[language].nothing : told
}

/** That a request was understood needs no words; nor do values that are not there. */
function isTelling(name: string, value: unknown): boolean {
  if (value === null || value === '') return false
  return !(value === true && /^(?:ok|found|success)$/i.test(name))
}

function wordValue(value: unknown, language: Language, depth = 0): string {
  const words = WORDS[language]
  if (typeof value === 'string') return plain(wordDay(value, language) ?? valueLabel(value, language))
  if (typeof value === 'boolean') return value ? words.yes : words.no
  if (typeof value === 'number') return String(value)
  if (Array.isArray(value)) {
    if (value.length === 0) return words.none
    const shown = value.slice(0, MOST_LINES).map((one) => wordValue(one, language, depth + 1))
    const left = value.length - shown.length
    return [...shown, ...(left > 0 ? [words.more(left)] : [])].join(
      depth === 0 && value.some(isRecord) ? '; ' : ', ',
    )
  }
  if (!isRecord(value) || depth > 2) return words.none
  return Object.entries(value)
    .filter(([name, one]) => isTelling(name, one))
    .slice(0, MOST_LINES)
    .map(
      ([name, one]) =>
        `${plain(fieldLabel(name, language).toLowerCase())} ${wordValue(one, language, depth + 1)}`,
    )
    .join(', ')
}

/** `2026-11-25` as "Wed, 25 November 2026". */
function wordDay(value: string, language: Language): string | null {
  if (!isDay(value)) return null
  const format = {
    weekday: 'short',
    day: 'numeric',
    month: 'long',
    year: 'numeric',
    timeZone: 'UTC',
  } as const
  return new Intl.DateTimeFormat(language === 'he' ? 'he-IL' : 'en-GB', format).format(new Date(value))
}

function isDay(value: unknown): boolean {
  return typeof value === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(value) && !Number.isNaN(Date.parse(value))
}

/** In one line, and without a mark: a result's words are its writer's, and are to be read as they are. */
export function plain(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim()
  const cut = line.length > LONGEST ? `${line.slice(0, LONGEST).toWellFormed()}…` : line
  return cut.replace(/[\\`*_~[\]<>#|!]/g, '\\$&')
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
