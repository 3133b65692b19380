import type { Json } from '../../models/tool-execution.ts'

/** What stands where a secret stood. */
const MASK = '[hidden]'

/** Objects and lists within one another that are kept; what lies deeper is left out. */
const DEEPEST = 20

/**
 * A copy of what came from elsewhere, fit to be kept and read: without credentials, and without what Postgres or UTF-8
 * cannot hold. Credentials are told by the names under which they stand, and by their forms.
 */
export function maskSecrets(value: unknown, depth = DEEPEST): Json {
  if (typeof value === 'string') return maskText(value)
  if (typeof value !== 'object' || value === null) return plain(value)
  if (depth === 0) return '[...]'
  if (Array.isArray(value)) return value.map((one) => maskSecrets(one, depth - 1))
  return Object.fromEntries(
    Object.entries(value).map(([name, one]) => [
      maskText(name),
      SECRET_NAME.test(name) && isText(one) ? MASK : maskSecrets(one, depth - 1),
    ]),
  )
}

/** The same of a text. */
export function maskText(text: string): string {
  return text.replaceAll('\0', '').toWellFormed().replace(SECRET_FORM, MASK)
}

function plain(value: unknown): Json {
  return typeof value === 'number' || typeof value === 'boolean' ? value : null
}

function isText(value: unknown): boolean {
  return typeof value === 'string' || typeof value === 'number'
}

/** `api_key`, `apiKey`, `X-Api-Key`, `accessToken`, `client_secret`, `card_number`; not `token_count` or `keyword`. */
const SECRET_NAME =
  /(?:^|[_-])(?:pass(?:word|wd|phrase)|secret|authorization|cookie|credentials?|cvv|cvc)$|(?:api|access|private|secret|signing)[_-]?key$|(?:access|refresh|auth|bearer|session|id)[_-]?token$|^token$|client[_-]?secret$|card[_-]?number$/i

/** Authorization headers, JWTs, keys that say what they are, URLs with a password in them. */
const SECRET_FORM =
  /\bbearer\s+[\w.~+/-]{20,}=*|(?<=\bauthorization\W{1,4})(?:basic|bearer)\s+[\w.~+/-]+=*|\beyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*|\b(?:sk|rk|whsec|xox[abp]|gh[pousr]|shpat|shpss)[_-][\w-]{12,}|(?<=:\/\/[^\s/:@]{1,100}:)[^\s/@]{1,200}(?=@)/gi
