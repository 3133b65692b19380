import { randomUUID } from 'node:crypto'
import type { Logger } from 'pino'
import { refuse, type Result } from '../protocol/result.ts'
import { DatabaseUnavailable } from '../server/infra/database.ts'
import type { Bucket } from '../server/infra/rate-limit.ts'
import type { Validate } from '../server/infra/validate.ts'

/** What every request of one socket is taken through. */
export interface Requests {
  log: Logger
  /** The socket's own bucket; null lifts the limit. */
  bucket: Bucket | null
}

/** A Socket.IO socket, whatever its typed events. */
interface RequestSocket {
  id: string
  on(event: string, listener: (...received: unknown[]) => void): unknown
}

interface AnySocket {
  onAny(listener: (event: string, ...received: unknown[]) => void): unknown
}

type Ack = (answer: Result<unknown>) => void

/**
 * Serves one kind of request on a socket: limit, validate, run, ack, log. A request without an ack is served all the
 * same. People's faults are acked with their code; a bug is logged under an id and acked as `internal`. What was
 * said is never logged.
 */
export function handle<Payload, Data>(
  socket: RequestSocket,
  requests: Requests,
  event: string,
  validate: Validate<Payload>,
  run: (payload: Payload) => Promise<Result<Data>> | Result<Data>,
): void {
  socket.on(event, (...received: unknown[]) => {
    const started = performance.now()
    answer(received[0])
      .then((result) => {
        acknowledge(received, result)
        const duration_ms = Math.round(performance.now() - started)
        requests.log.debug({ socket: socket.id, event, code: codeOf(result), duration_ms }, 'socket request')
      })
      .catch((error: unknown) => {
        requests.log.error({ err: error, socket: socket.id, event }, 'a socket request could not be acked')
      })
  })

  async function answer(payload: unknown): Promise<Result<Data>> {
    try {
      const allowance = requests.bucket?.take()
      if (allowance?.allowed === false) return refuse('rate_limited', undefined, allowance.retryAfterMs)
      const valid = validate(payload)
      return valid.ok ? await run(valid.data) : valid
    } catch (error) {
      return failure(error)
    }
  }

  function failure(error: unknown): Result<never> {
    if (error instanceof DatabaseUnavailable) {
      requests.log.warn({ err: error, event }, 'a socket request found no database')
      return refuse('unavailable')
    }
    const request_id = randomUUID()
    requests.log.error({ err: error, socket: socket.id, event, request_id }, 'a socket request failed')
    return refuse('internal', `Something went wrong on our side (${request_id}).`)
  }
}

/** Acks every event that is not in `known` with `not_found`, so that no client waits for nothing. */
export function refuseUnknown(socket: AnySocket, known: ReadonlySet<string>): void {
  socket.onAny((event: string, ...received: unknown[]) => {
    if (!known.has(event)) acknowledge(received, refuse('not_found', 'There is no such request.'))
  })
}

/** Socket.IO puts the ack last. What is no function was never one. */
function acknowledge(received: unknown[], result: Result<unknown>): void {
  const last = received.at(-1)
  if (typeof last === 'function') (last as Ack)(result)
}

function codeOf(result: Result<unknown>): string {
  return result.ok ? 'ok' : result.error.code
}
