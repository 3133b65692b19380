import type { Json } from '../../models/tool-execution.ts'

/** Characters of a value that is looked for: a shorter one stands in many a text by chance. */
const SHORTEST = 6

const HIDDEN = '[hidden]'

/** A copy in which none of the credentials' texts is left, as in what a server says of the request that it got. */
export function hideValues(value: Json, credentials: unknown): Json {
  const secrets = textsIn(credentials).filter((text) => text.length >= SHORTEST)
  return secrets.length === 0 ? value : hide(value, secrets)
}

function hide(value: Json, secrets: readonly string[]): Json {
  if (typeof value === 'string') return secrets.reduce((text, one) => text.replaceAll(one, HIDDEN), value)
  if (Array.isArray(value)) return value.map((one: unknown) => hide(one as Json, secrets))
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).map(([name, one]) => [
    secrets.includes(name) ? HIDDEN : name,
    hide(one as Json, secrets),
  ])
  return Object.fromEntries(entries) as Json
}

function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value]
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : []
}
