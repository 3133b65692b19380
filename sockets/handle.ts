import { randomUUID } from 'node:crypto'
import type { Logger } from 'pino'
import type { Socket } from 'socket.io'
import { refuse, type Result } from '../protocol/result.ts'
import { DatabaseUnavailable } from '../server/infra/database.ts'
import type { Bucket } from '../server/infra/rate-limit.ts'
import type { Validate } from '../server/infra/validate.ts'

type Answer<Data> = Result<Data> | Promise<Result<Data>>

/** One kind of request: checked first, then run. */
export interface Served<S> {
  answer(socket: S, payload: unknown): Answer<unknown>
}

/** Joins what checks a payload with what is done with it. */
export function served<S, Payload, Data>(
  validate: Validate<Payload>,
  run: (socket: S, payload: Payload) => Answer<Data>,
): Served<S> {
  return {
    answer(socket, payload) {
      const valid = validate(payload)
      return valid.ok ? run(socket, valid.data) : valid
    },
  }
}

export interface Requests<S> {
  /** By the name of its event; what is not here is acked with `not_found`. */
  served: Readonly<Record<string, Served<S>>>
  log: Logger
  /** The socket's own bucket; null lifts the limit. */
  bucketOf: (socket: S) => Bucket | null
}

/** For `socket.onAny`: Socket.IO calls it with the socket as `this`. */
export type Listener<S> = (this: S, event: string, ...received: unknown[]) => void

/**
 * The one wrapper of every request: limit, validate, run, ack, log. One function serves all sockets, so that an idle
 * one costs no closures. A request without an ack is served all the same. People's faults are acked with their
 * code; a bug is logged under an id and acked as `internal`. What was said is never logged.
 */
export function createListener<S extends Pick<Socket, 'id'>>(requests: Requests<S>): Listener<S> {
  const kinds = new Map(Object.entries(requests.served))
  return function (event, ...received) {
    const started = performance.now()
    void answer(requests, kinds.get(event), this, { event, payload: received[0] }).then((result) => {
      acknowledge(received, result)
      const code = result.ok ? 'ok' : result.error.code
      const duration_ms = Math.round(performance.now() - started)
      requests.log.debug({ socket: this.id, event, code, duration_ms }, 'socket request')
    })
  }
}

async function answer<S extends Pick<Socket, 'id'>>(
  { log, bucketOf }: Requests<S>,
  kind: Served<S> | undefined,
  socket: S,
  { event, payload }: { event: string; payload: unknown },
): Promise<Result<unknown>> {
  try {
    const allowance = bucketOf(socket)?.take()
    if (allowance?.allowed === false) return refuse('rate_limited', undefined, allowance.retryAfterMs)
    if (kind === undefined) return refuse('not_found', 'There is no such request.')
    return await kind.answer(socket, payload)
  } catch (error) {
    if (error instanceof DatabaseUnavailable) {
      log.debug({ reason: error.message, event }, 'a socket request found no database')
      return refuse('unavailable')
    }
    const request_id = randomUUID()
    log.error({ err: error, socket: socket.id, event, request_id }, 'a socket request failed')
    return refuse('internal', `Something went wrong on our side (${request_id}).`)
  }
}

/** Socket.IO puts the ack last. What is no function was never one. */
function acknowledge(received: unknown[], result: Result<unknown>): void {
  const last = received.at(-1)
  if (typeof last === 'function') (last as (answer: Result<unknown>) => void)(result)
}
