import type { CustomApiConfig, CustomApiCredentials } from './config.ts'

/** How an API is told who asks. */
export type Auth =
  | { type: 'none' | 'basic' | 'bearer' }
  | { type: 'api_key'; in: 'header' | 'query'; name: string }
  | { type: 'oauth2'; token_url: string; client_in: 'header' | 'body'; scope?: string; audience?: string }

/** Reads it; a text says what is missing or too much. */
export function readAuth({ auth = { type: 'none' } }: CustomApiConfig): Auth | string {
  const { type, ...settings } = auth
  const [needed, allowed] = SETTINGS[type]
  const extra = Object.keys(settings).find((name) => !allowed.includes(name))
  if (extra !== undefined) return `auth.${extra} means nothing with the type ${type}.`
  const missing = needed.find((name) => !(name in settings))
  if (missing !== undefined) return `auth.${missing} is needed with the type ${type}.`
  const { in: place = 'header', name = '', token_url = '', client_in = 'header', scope, audience } = auth
  if (type === 'api_key') return { type, in: place, name }
  if (type !== 'oauth2') return { type }
  return {
    ...{ type, token_url, client_in },
    ...(scope !== undefined && { scope }),
    ...(audience !== undefined && { audience }),
  }
}

/** What speaks against credentials that fit the schema, as a sentence; null: nothing. */
export function credentialsFault({ type }: Auth, credentials: CustomApiCredentials): string | null {
  const needed = CREDENTIALS[type]
  const given = Object.keys(credentials)
  if (needed.length === given.length && needed.every((name) => given.includes(name))) return null
  return needed.length === 0
    ? `With the type ${type} there are no credentials.`
    : `With the type ${type} the credentials are ${needed.join(' and ')}, and nothing else.`
}

/** What has to be said of each type, and what may be. */
const SETTINGS: Record<Auth['type'], [needed: string[], allowed: string[]]> = {
  none: [[], []],
  basic: [[], []],
  bearer: [[], []],
  api_key: [
    ['in', 'name'],
    ['in', 'name'],
  ],
  oauth2: [['token_url'], ['token_url', 'scope', 'audience', 'client_in']],
}

const CREDENTIALS: Record<Auth['type'], (keyof CustomApiCredentials)[]> = {
  none: [],
  basic: ['username', 'password'],
  bearer: ['token'],
  api_key: ['api_key'],
  oauth2: ['client_id', 'client_secret'],
}
