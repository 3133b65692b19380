import { readDate, readTime, type Read } from './dates.ts'
import { fits, type Parameter, type ParameterKind } from './parameters.ts'
import { leftover, longestPhrase } from './phrases.ts'

/** What was read for a tool's parameters; only what fits their schemas. */
export type Values = Record<string, string | number>

/** What a text says, and what of it has been understood already. */
export interface Reading {
  text: string
  /** Begin and end of what is no value: words that name the tool. */
  taken: readonly [number, number][]
  /** `YYYY-MM-DD`, where the business is. */
  today: string
}

/** Reads the values of a tool's parameters: first those that show by their form, then names of things in the rest. */
export function readValues(parameters: readonly Parameter[], { text, taken, today }: Reading): Values {
  const values: Values = {}
  let rest = taken.reduce(without, text)
  for (const { name, kind, schema } of inOrder(parameters)) {
    const found = READ[kind]?.(rest, { schema, today })
    if (!found || !fits(found.value, schema)) continue
    values[name] = found.value
    rest = without(rest, found.at)
  }
  return values
}

/** Reads what was asked for and is said now: where one name of something is missing, it is what is left of the text. */
export function readMissing(missing: readonly Parameter[], text: string, today: string): Values {
  const values: Values = {}
  let rest = text
  const names = missing.filter(({ kind }) => kind === 'text' || kind === 'person')
  for (const { name, kind, schema } of inOrder(missing)) {
    const read = names.length === 1 && names[0]?.name === name ? plainlySaid : READ[kind]
    const found = read?.(rest, { schema, today })
    if (!found || !fits(found.value, schema)) continue
    values[name] = found.value
    rest = without(rest, found.at)
  }
  return values
}

type Found = { value: string | number; at: [number, number] } | null
type ReadKind = (text: string, about: { schema: Record<string, unknown>; today: string }) => Found

/** From what shows by its form to what is left: of "on 3/12 at 10 for two" nothing is read twice. */
const ORDER: readonly ParameterKind[] = [
  ...(['email', 'date', 'time', 'contact', 'size', 'id', 'number', 'choice', 'person', 'text'] as const),
]

const READ: Partial<Record<ParameterKind, ReadKind>> = {
  email: (text) => first(text, EMAIL),
  contact: (text) => first(text, EMAIL) ?? first(text, PHONE),
  date: (text, { today }) => readDate(text, today),
  time: (text) => readTime(text),
  size: (text) => upperCase(first(text, SIZE_NAMED) ?? first(text, SIZE)),
  id: (text) => first(text, ID_MARKED) ?? first(text, ID),
  number: (text) => {
    const found = first(text, NUMBER)
    return found && { ...found, value: Number(found.value) }
  },
  choice: (text, { schema }) => readChoice(text, schema),
  person: (text) => first(text, PERSON),
  text: longestPhrase,
}

const EMAIL = /(?<![\w.+-])([\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,4})/
const PHONE = /(\+?\d[\d -]{6,18}\d)(?!\w)/
const SIZE_NAMED =
  /(?<![\p{L}\p{N}])(?:in |ב)?(?:size|מידה|מידת)\s*:?\s*([smlSML]|[xX]{1,3}[sSlL]|\d{2}(?:\.5)?)(?![\p{L}\p{N}])/u
const SIZE =
  /(?<![\p{L}\p{N}])(?:in )?(?:an? )?(?:ב-?)?([SML]|X{1,3}[SL]|(?:3[4-9]|4[0-9])(?:\.5)?)(?![\p{L}\p{N}'’])/u
const ID_MARKED = /#\s?([A-Za-z0-9][A-Za-z0-9-]{0,19})/
const ID =
  /(?<![\p{L}\p{N}-])(?:[ולהבמש]-?)?([A-Za-z]{0,5}-?\d[A-Za-z0-9]?[A-Za-z0-9-]{1,18})(?![\p{L}\p{N}])/u
const NUMBER = /(?<![\p{L}\p{N}.-])(\d{1,9}(?:\.\d{1,4})?)(?![\p{L}\p{N}])/u
const PERSON =
  /(?:(?:[Mm]y name is|[Nn]ame:?|[Ii] am|[Ii]['’]m|under|for) +(\p{Lu}[\p{L}'’-]+(?: \p{Lu}[\p{L}'’-]+){0,2})|(?:קוראים לי|השם שלי|השם|שמי|על שם|בשם) +(?:הוא )?([א-ת][א-ת'"-]+(?: [א-ת][א-ת'"-]+)?))/u

function first(text: string, pattern: RegExp): Read | null {
  const match = pattern.exec(text)
  const value = match?.slice(1).find(Boolean)
  return match && value !== undefined ? { value, at: [match.index, match.index + match[0].length] } : null
}

function upperCase(found: Read | null): Read | null {
  return found && { ...found, value: found.value.toUpperCase() }
}

function readChoice(text: string, { enum: choices }: Record<string, unknown>): Found {
  for (const value of Array.isArray(choices) ? choices : []) {
    if (typeof value !== 'string' && typeof value !== 'number') continue
    const at = text.toLowerCase().indexOf(String(value).toLowerCase().replaceAll('_', ' '))
    if (at >= 0) return { value, at: [at, at + String(value).length] }
  }
  return null
}

/** "Dana Levi", "It is for Dana Levi": who is asked for a name says nothing else. */
function plainlySaid(text: string): Found {
  return first(text, PERSON) ?? leftover(text)
}

function inOrder(parameters: readonly Parameter[]): Parameter[] {
  return parameters.toSorted((a, b) => ORDER.indexOf(a.kind) - ORDER.indexOf(b.kind))
}

/** The text with a gap where something was understood, so that what stands on both sides of it is not one phrase. */
function without(text: string, [begin, end]: readonly [number, number]): string {
  return `${text.slice(0, begin)}${'|'.repeat(end - begin)}${text.slice(end)}`
}
