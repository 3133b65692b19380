import type { IntegrationType } from './connection.ts'

export type CredentialKey =
  | ('api_key' | 'token' | 'username' | 'password' | 'client_id' | 'client_secret')
  | ('access_token' | 'consumer_key' | 'consumer_secret')

/** A way of saying who asks: what has to be entered for it. */
export type CredentialSet = readonly CredentialKey[]

/** What may be entered for a system, the usual way first; none where it wants nothing. */
export function credentialSets(type: IntegrationType, config: Record<string, unknown>): CredentialSet[] {
  switch (type) {
    case 'shopify':
      return [['client_id', 'client_secret'], ['access_token']]
    case 'woocommerce':
      return [['consumer_key', 'consumer_secret']]
    case 'database':
      return [['password']]
    case 'custom_api': {
      const { type: way = 'none' } = (config['auth'] ?? {}) as { type?: string }
      const set = OF_APIS[way] ?? []
      return set.length === 0 ? [] : [set]
    }
  }
}

/** Those that others may read on a screen. */
export const OPEN_KEYS: ReadonlySet<CredentialKey> = new Set(['username', 'client_id', 'consumer_key'])

const OF_APIS: Partial<Record<string, CredentialSet>> = {
  api_key: ['api_key'],
  bearer: ['token'],
  basic: ['username', 'password'],
  oauth2: ['client_id', 'client_secret'],
}
