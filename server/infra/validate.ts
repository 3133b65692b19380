import { Ajv, type ErrorObject } from 'ajv'
import type { Static, TSchema } from 'typebox'
import { refuse, succeed, type Result } from '../../protocol/result.ts'
import { isHttpsAddress } from './https-address.ts'
import { languageName } from './language.ts'
import { isTimeZone } from './time-zone.ts'

/** Accepts a value as it is, or refuses it as `invalid_payload`, saying where it does not fit. */
export type Validate<T> = (value: unknown) => Result<T>

/** Turns a schema of `protocol/` into its check. Costs milliseconds: once per schema, at start. */
export type CompileSchema = <S extends TSchema>(schema: S) => Validate<Static<S>>

/**
 * Nothing is coerced, filled in or taken away. The format `text` is what people write: not blank, no NUL (Postgres
 * has none), no lone surrogates (UTF-8 has none). Languages and time zones are those that this Node.js knows.
 */
export function createSchemaCompiler(): CompileSchema {
  const ajv = new Ajv({
    strict: true,
    formats: {
      text: isText,
      'date-time': isDateTime,
      email: isEmail,
      'https-address': isHttpsAddress,
      'time-zone': isTimeZone,
      'language-or-auto': (tag) => tag === 'auto' || languageName(tag) !== null,
    },
  })
  return <S extends TSchema>(schema: S): Validate<Static<S>> => {
    const fits = ajv.compile<Static<S>>(schema)
    return (value) => (fits(value) ? succeed(value) : refuse('invalid_payload', describe(fits.errors?.[0])))
  }
}

function isText(text: string): boolean {
  return text.isWellFormed() && !text.includes('\0') && text.trim() !== ''
}

/** As browsers judge `<input type=email>`, and with a dot in the domain: https://html.spec.whatwg.org/#valid-e-mail-address */
function isEmail(text: string): boolean {
  return EMAIL.test(text)
}

const EMAIL =
  /^[a-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)+$/i

/** RFC 3339 as JavaScript writes it; a day or hour that does not exist is refused. */
function isDateTime(text: string): boolean {
  return DATE_TIME.test(text) && !Number.isNaN(Date.parse(text))
}

const DATE_TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?(?:Z|[+-]\d{2}:\d{2})$/

/** Names the place by its path in the payload, never the value. */
function describe(fault: ErrorObject | undefined): string {
  if (fault === undefined) return 'The payload does not fit its schema.'
  const place = fault.instancePath === '' ? 'The payload' : fault.instancePath.slice(1).replaceAll('/', '.')
  const { format } = fault.params as { format?: string }
  const words = WORDS[`${fault.keyword} ${format ?? ''}`] ?? WORDS[fault.keyword]
  return `${place} ${words ?? fault.message ?? 'does not fit its schema'}.`
}

/** Where AJV's own words would name a format or a pattern that nobody outside knows. */
const WORDS: Record<string, string> = {
  'format https-address': 'is no https address',
  'format email': 'is no e-mail address',
  'format time-zone': 'is no time zone, such as Asia/Jerusalem',
  'format language-or-auto': 'is neither auto nor a language, such as he or pt-BR',
  format: 'is blank, or holds characters that are not allowed',
  pattern: 'is not of the expected form',
  additionalProperties: 'has properties that are not known here',
}
