import type { Static, TSchema } from 'typebox'
import type { CompileSchema } from '../../infra/validate.ts'
import type { Outbound } from '../../infra/outbound/index.ts'
import { exchangeJson, MOST_BYTES } from '../exchange.ts'
import type { Failure } from '../kind.ts'
import { UNEXPECTED } from '../shop/refusals.ts'
import type { AccessTokens, ShopifyConnection } from './access-token.ts'
import { shopOrigin } from './connection.ts'
import { failureInstead, failureOfGraphql, failureOfShopify } from './failures.ts'

/** Stable until October 2027; versions come each quarter (shopify.dev, "About Shopify API versioning"). */
export const API_VERSION = '2026-10'

/** A question to the Admin API: a fixed document, and what its answer's `data` has to look like. */
export interface Question<Data> {
  document: string
  read: (data: unknown) => Data | null
  mostBytes: number
}

/** Puts together a question. What a visitor says goes into its variables, never into its document. */
export function question<S extends TSchema>(
  compile: CompileSchema,
  document: string,
  schema: S,
  mostBytes = MOST_BYTES,
): Question<Static<S>> {
  const validate = compile(schema)
  const read = (data: unknown) => {
    const checked = validate(data)
    return checked.ok ? checked.data : null
  }
  return { document, read, mostBytes }
}

/** Asks one shop for as long as a call may take. */
export interface ShopifyApi {
  ask<Data>(
    asked: Question<Data>,
    variables: Record<string, unknown>,
  ): Promise<{ ok: true; data: Data } | Failure>
}

export interface ApiParts {
  outbound: Outbound
  tokens: AccessTokens
  /** Milliseconds, by a clock that never goes back. */
  now: () => number
}

/** `timeLeft`: milliseconds for all questions together. */
export function shopifyApi(
  { outbound, tokens, now }: ApiParts,
  connection: ShopifyConnection,
  { timeLeft, signal }: { timeLeft: number; signal: AbortSignal },
): ShopifyApi {
  const until = now() + timeLeft
  const url = `${shopOrigin(connection.config)}/admin/api/${API_VERSION}/graphql.json`

  return {
    async ask(asked, variables) {
      const { answer, stale } = await askOnce(asked, variables)
      if (answer.ok || answer.problem !== 'unauthorized' || !stale) return answer
      tokens.forget(connection)
      return (await askOnce(asked, variables)).answer
    },
  }

  /** `stale`: the token was kept from before, and may have ended meanwhile. */
  async function askOnce<Data>(asked: Question<Data>, variables: Record<string, unknown>) {
    const access = await tokens.of(connection, left(), signal)
    if (!access.ok) return { answer: access, stale: false }
    return { answer: await askWith(access.token, asked, variables), stale: access.kept }
  }

  async function askWith<Data>(
    token: string,
    { document: query, read, mostBytes }: Question<Data>,
    variables: Record<string, unknown>,
  ): Promise<{ ok: true; data: Data } | Failure> {
    const headers = {
      'content-type': 'application/json',
      accept: 'application/json',
      'x-shopify-access-token': token,
    }
    const body = JSON.stringify({ query, variables })
    const request = { method: 'POST' as const, url, headers, body, timeout: left(), mostBytes }
    const answer = await exchangeJson(outbound, request, signal)
    if (!answer.ok) return failureInstead(answer)
    if (answer.status >= 400) return failureOfShopify(answer)
    const failure = failureOfGraphql(answer.body)
    if (failure) return failure
    const data = read((Object(answer.body) as { data?: unknown }).data)
    return data === null ? UNEXPECTED : { ok: true, data }
  }

  function left(): number {
    return Math.max(1, until - now())
  }
}
