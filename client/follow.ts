import { describe, readFailure } from './call.ts'
import { failureOf, unreachable, type Failure } from './failure.ts'
import { patience, pause, STREAM_LIMITS, type Patience, type StreamLimits } from './patience.ts'
import type { Problem } from '../protocol/rest.ts'
import { readEvents, type ReadEvent } from './read-events.ts'

/** How a stream is asked for: after the event of this id, or from its beginning. */
export type OpenStream = (lastId: string | undefined, signal: AbortSignal) => Promise<Response>

/** The last thing that a stream says when it cannot go on. */
export interface BrokenOff {
  event: 'problem'
  id: undefined
  data: Failure
}

export interface FollowOptions {
  /** Events after which nothing comes. */
  ends?: readonly string[]
  signal?: AbortSignal | undefined
  limits?: StreamLimits
}

/**
 * The events of a stream, which is opened again after the last of them whenever it breaks off, is silent, or the
 * server goes away; until one of `ends` has come. What cannot be mended ends it as a `problem`. Throws when `signal`
 * aborts; who stops reading hangs up.
 */
export async function* follow(
  open: OpenStream,
  { ends = [], signal, limits = STREAM_LIMITS }: FollowOptions,
): AsyncGenerator<ReadEvent | BrokenOff, void> {
  let lastId: string | undefined
  let failed = 0
  for (;;) {
    const round = patience(limits.silence, signal)
    let broken: Broken = { failure: unreachable('The stream broke off.') }
    try {
      for await (const event of events(open, lastId, round)) {
        if ('failure' in event) {
          broken = event
          break
        }
        // A stream that goes on says first what it is about, as it did before.
        if (event.event === 'chat:accepted' && lastId !== undefined) continue
        failed = 0
        lastId = event.id ?? lastId
        yield event
        if (ends.includes(event.event)) return
      }
    } finally {
      round.giveUp()
      round.release()
    }
    signal?.throwIfAborted()
    failed += 1
    if (!broken.failure.retryable || failed >= limits.tries) {
      yield { event: 'problem', id: undefined, data: broken.failure }
      return
    }
    await pause(broken.wait ?? backoff(failed, limits), signal)
  }
}

interface Broken {
  failure: Failure
  /** Milliseconds, where the server asks for them. */
  wait?: number
}

/** One opening of the stream: its events, and why it ended if it did not end by itself. */
async function* events(
  open: OpenStream,
  lastId: string | undefined,
  round: Patience,
): AsyncGenerator<ReadEvent | Broken, void> {
  try {
    const response = await open(lastId, round.signal)
    if (!response.ok || response.body === null) {
      yield brokenBy(await readFailure(response))
      return
    }
    for await (const event of readEvents(response.body, () => round.renew())) {
      if (event.event === 'problem') yield brokenBy(failureOf(event.data as Problem))
      else if (event.event === 'server:draining') yield drained(event.data as { reconnect_in_ms: number })
      else yield event
    }
  } catch (error) {
    yield { failure: unreachable(describe(error)) }
  }
}

function brokenBy(failure: Failure): Broken {
  return { failure, ...(failure.retry_after !== undefined && { wait: failure.retry_after * 1000 }) }
}

function drained({ reconnect_in_ms }: { reconnect_in_ms: number }): Broken {
  return { failure: unreachable('The server is going away.'), wait: reconnect_in_ms }
}

/** Half of it is random, so that those who broke off together do not come together. */
function backoff(failed: number, { firstWait, lastWait }: StreamLimits): number {
  const most = Math.min(lastWait, firstWait * 2 ** (failed - 1))
  return most / 2 + (Math.random() * most) / 2
}
