import { pairsOf, recordOf, type Pair } from './pairs.ts'

/** The kinds of systems that a client can connect. */
export const TYPES = ['custom_api', 'shopify', 'woocommerce', 'database'] as const
export type IntegrationType = (typeof TYPES)[number]

/** One thing to be filled in: the way by which it is kept in the configuration, and how it is asked for. */
export interface ConnectionField {
  /** `auth.name` is `name` of `auth`. */
  key: ConnectionKey
  kind: 'text' | 'address' | 'number' | 'choice' | 'yesNo' | 'lines' | 'pairs'
  choices?: readonly string[]
  required?: boolean
  /** What stands in an empty field. */
  example?: string
  /** What holds where nothing is chosen. */
  usual?: string
  /** Asked for only where another field has this value. */
  when?: readonly [key: ConnectionKey, value: string]
}

export type ConnectionKey =
  | ('base_url' | 'auth.type' | 'auth.in' | 'auth.name' | 'auth.token_url' | 'auth.scope' | 'auth.audience')
  | ('auth.client_in' | 'headers' | 'test_path' | 'shop' | 'user_ids' | 'url' | 'plain_permalinks')
  | ('engine' | 'host' | 'port' | 'database' | 'user' | 'sslmode' | 'ca')

/** What is asked for, by type, in the order in which people know it. */
export const FIELDS: Record<IntegrationType, readonly ConnectionField[]> = {
  custom_api: [
    { key: 'base_url', kind: 'address', required: true, example: 'https://api.acme.example/v2' },
    choice('auth.type', ['none', 'api_key', 'bearer', 'basic', 'oauth2']),
    { ...choice('auth.in', ['header', 'query']), when: ['auth.type', 'api_key'] },
    { ...text('auth.name', 'X-Api-Key'), required: true, when: ['auth.type', 'api_key'] },
    {
      ...text('auth.token_url', 'https://login.acme.example/oauth/token'),
      ...{ kind: 'address', required: true, when: ['auth.type', 'oauth2'] },
    },
    { ...text('auth.scope', 'orders:read'), when: ['auth.type', 'oauth2'] },
    { ...text('auth.audience', 'https://api.acme.example'), when: ['auth.type', 'oauth2'] },
    { ...choice('auth.client_in', ['header', 'body']), when: ['auth.type', 'oauth2'] },
    text('test_path', '/ping'),
    { key: 'headers', kind: 'pairs' },
  ],
  shopify: [
    { ...text('shop', 'acme.myshopify.com'), required: true },
    choice('user_ids', ['', 'customer_id', 'email']),
  ],
  woocommerce: [
    { key: 'url', kind: 'address', required: true, example: 'https://acme.example' },
    choice('user_ids', ['', 'customer_id', 'email']),
    { key: 'plain_permalinks', kind: 'yesNo' },
  ],
  database: [
    choice('engine', ['postgres', 'mysql']),
    { ...text('host', 'db.acme.example'), required: true },
    { key: 'port', kind: 'number' },
    { ...text('database', 'shop'), required: true },
    { ...text('user', 'parlor_reader'), required: true },
    choice('sslmode', ['verify-full', 'require', 'disable']),
    { key: 'ca', kind: 'lines', when: ['sslmode', 'verify-full'] },
  ],
}

/** What a form holds: texts by key, and names with their texts for `pairs`. */
export interface Filled {
  texts: Partial<Record<ConnectionKey, string>>
  pairs: Partial<Record<ConnectionKey, Pair[]>>
}

/** The fields that are asked for now. */
export function askedFor(type: IntegrationType, { texts }: Filled): ConnectionField[] {
  return FIELDS[type].filter(({ when }) => {
    if (when === undefined) return true
    const [key, value] = when
    return textOf(type, key, texts) === value
  })
}

/** A form of what is kept. */
export function filledOf(type: IntegrationType, config: Record<string, unknown>): Filled {
  const filled: Filled = { texts: {}, pairs: {} }
  for (const { key, kind } of FIELDS[type]) {
    const value = at(config, key)
    if (kind === 'pairs') filled.pairs[key] = pairsOf(value)
    else if (kind === 'yesNo') filled.texts[key] = value === true ? 'yes' : ''
    else if (typeof value === 'string' || typeof value === 'number') filled.texts[key] = String(value)
  }
  return filled
}

/** What is kept of a form: only what is asked for, and nothing of what was left empty. */
export function configOf(type: IntegrationType, filled: Filled): Record<string, unknown> {
  const config: Record<string, unknown> = {}
  for (const field of askedFor(type, filled)) {
    const value = valueOf(field, filled)
    if (value === undefined) continue
    const [first = '', second] = field.key.split('.')
    if (second === undefined) config[first] = value
    else config[first] = { ...(config[first] as object | undefined), [second]: value }
  }
  return config
}

/** The first field that has to be filled in and is not. */
export function missingIn(type: IntegrationType, filled: Filled): ConnectionKey | null {
  const empty = askedFor(type, filled).find(
    ({ key, required }) => required === true && (filled.texts[key] ?? '').trim() === '',
  )
  return empty?.key ?? null
}

/** The text of a field, or what holds where nothing was chosen. */
export function textOf(type: IntegrationType, key: ConnectionKey, texts: Filled['texts']): string {
  return texts[key] ?? FIELDS[type].find((one) => one.key === key)?.usual ?? ''
}

function valueOf({ key, kind, usual }: ConnectionField, { texts, pairs }: Filled): unknown {
  if (kind === 'pairs') return recordOf(pairs[key] ?? [])
  const text = (texts[key] ?? usual ?? '').trim()
  if (text === '') return undefined
  if (kind === 'yesNo') return true
  return kind === 'number' ? Number(text) : text
}

function at(config: Record<string, unknown>, key: ConnectionKey): unknown {
  const [first = '', second] = key.split('.')
  const value = config[first]
  if (second === undefined) return value
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[second] : undefined
}

function choice(key: ConnectionKey, choices: readonly string[]): ConnectionField {
  const [usual = ''] = choices
  return { key, kind: 'choice', choices, usual }
}

function text(key: ConnectionKey, example: string): ConnectionField {
  return { key, kind: 'text', example }
}
