import type { QueryClient } from '@tanstack/svelte-query'
import { getContext, setContext } from 'svelte'
import { call, type Answered } from '../../client/call.ts'
import { unreachable } from '../../client/failure.ts'
import type { Asked } from '../../client/send.ts'
import type { OperationName } from '../../protocol/operations/index.ts'
import type { Session } from '../session/session.svelte.ts'
import { ApiFailure } from './api-failure.ts'

const SERVER = { url: '' }

/** What TanStack Query is to ask, and by which key it keeps the answer. */
export interface ApiQuery<K extends OperationName> {
  queryKey: readonly [K, Asked<K>]
  queryFn: (how: { signal: AbortSignal }) => Promise<Answered<K>>
}

/** All that pages ask of the server, as whoever is signed in. */
export class Api {
  readonly #session: Session
  readonly #queries: QueryClient

  constructor(session: Session, queries: QueryClient) {
    this.#session = session
    this.#queries = queries
  }

  /** Asks for something to be done or read. Throws an `ApiFailure`, or when `signal` aborts. */
  async ask<K extends OperationName>(
    operation: K,
    asked: Asked<K>,
    { signal }: { signal?: AbortSignal } = {},
  ): Promise<Answered<K>> {
    const first = await this.#try(operation, asked, signal)
    const outcome =
      !first.ok && first.error.code === 'unauthorized' ? await this.#try(operation, asked, signal) : first
    if (outcome.ok) return outcome.data
    throw new ApiFailure(outcome.error)
  }

  /** The same as a query: `createQuery(() => api.query('GET /api/admin/clients', {}))`. */
  query<K extends OperationName>(operation: K, asked: Asked<K>): ApiQuery<K> {
    return {
      queryKey: [operation, asked],
      queryFn: ({ signal }) => this.ask(operation, asked, { signal }),
    }
  }

  /** Whatever was read by these operations is asked for again. */
  async forget(...operations: OperationName[]): Promise<void> {
    await Promise.all(operations.map((name) => this.#queries.invalidateQueries({ queryKey: [name] })))
  }

  async #try<K extends OperationName>(operation: K, asked: Asked<K>, signal: AbortSignal | undefined) {
    const token = await this.#session.token()
    if (token === null) return { ok: false, error: unreachable('Nobody is signed in.') } as const
    const outcome = await call(SERVER, operation, asked, { token, ...(signal && { signal }) })
    if (!outcome.ok && outcome.error.code === 'unauthorized') this.#session.forget(token)
    return outcome
  }
}

const KEY = Symbol('api')

export function provideApi(api: Api): void {
  setContext(KEY, api)
}

/** While a component is made. */
export function useApi(): Api {
  return getContext<Api>(KEY)
}
