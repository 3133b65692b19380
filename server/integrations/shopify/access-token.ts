import { LRUCache } from 'lru-cache'
import type { Outbound } from '../../infra/outbound/index.ts'
import { exchangeJson } from '../exchange.ts'
import type { Connection, Failure } from '../kind.ts'
import { NO_CREDENTIALS, UNEXPECTED } from '../shop/refusals.ts'
import { isToken, shopOrigin, type ShopifyConfig, type ShopifyCredentials } from './connection.ts'
import { failureInstead, failureOfShopify } from './failures.ts'

export type ShopifyConnection = Connection<ShopifyConfig, ShopifyCredentials>

/** Where what `X-Shopify-Access-Token` needs comes from. */
export interface AccessTokens {
  /** `kept`: it was not asked for now, and may have ended meanwhile. Rejects with the signal's reason. */
  of(connection: ShopifyConnection, timeout: number, signal: AbortSignal): Promise<AccessToken | Failure>
  /** It was not taken: the next time another one is asked for. */
  forget(connection: ShopifyConnection): void
}

export interface AccessToken {
  ok: true
  token: string
  kept: boolean
}

/** Tokens of apps that are kept, and how long before its end, in milliseconds, one is not used any more. */
const KEPT = 1_000
const MARGIN = 300_000

/**
 * Apps of the Dev Dashboard have no lasting token: it is asked for with the client's credentials and holds for a day
 * (shopify.dev, "Using the client credentials grant").
 */
export function createAccessTokens(parts: { outbound: Outbound; now: () => number }): AccessTokens {
  const { outbound, now } = parts
  const kept = new LRUCache<string, { token: string; until: number }>({ max: KEPT })

  return {
    async of(connection, timeout, signal) {
      const { credentials } = connection
      if (credentials === null) return NO_CREDENTIALS
      const { access_token: lasting, client_id, client_secret } = credentials
      if (lasting !== undefined) return { ok: true, token: lasting, kept: false }
      const found = kept.get(keyOf(connection))
      if (found && now() < found.until) return { ok: true, token: found.token, kept: true }
      const url = `${shopOrigin(connection.config)}/admin/oauth/access_token`
      const body = JSON.stringify({ grant_type: 'client_credentials', client_id, client_secret })
      const headers = { 'content-type': 'application/json', accept: 'application/json' }
      const answer = await exchangeJson(outbound, { method: 'POST', url, headers, body, timeout }, signal)
      if (!answer.ok) return failureInstead(answer)
      if (answer.status >= 400) return failureOfShopify(answer)
      const { access_token: token, expires_in: seconds } = Object(answer.body) as Record<string, unknown>
      if (!isToken(token) || typeof seconds !== 'number') return UNEXPECTED
      kept.set(keyOf(connection), { token, until: now() + seconds * 1_000 - MARGIN })
      return { ok: true, token, kept: false }
    },
    forget(connection) {
      kept.delete(keyOf(connection))
    },
  }
}

function keyOf({ id, version }: ShopifyConnection): string {
  return `${id}/${String(version)}`
}
