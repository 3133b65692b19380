import type { Socket } from 'node:net'
import { abortable } from '../../infra/abortable.ts'
import type { Outbound, ServerPlace } from '../../infra/outbound/index.ts'
import type { Failure } from '../kind.ts'
import type { Link, Trouble } from './engine.ts'
import type { Gate } from './gate.ts'
import { TooMuch } from './guarded-stream.ts'
import { DATABASE_LIMITS } from './limits.ts'
import { tlsProblem } from './tls.ts'

/** What is used of a connection, and what its own errors mean. */
export interface Use<T> {
  work: (link: Link) => Promise<T>
  trouble: (error: unknown) => Trouble | null
}

/** Over what a question goes, and where to. */
export interface Way {
  outbound: Outbound
  /** That of the database: how many may ask it at once. */
  gate: Gate
  place: ServerPlace
  /** Milliseconds. */
  timeLeft: number
}

/**
 * Connects, lets `work` be done within the time that is left, and hangs up in any case: a server that is still busy with
 * a question notices, or has been told how long it may take. Rejects with the signal's reason.
 */
export async function overLink<T>(
  { outbound, gate, place, timeLeft }: Way,
  { work, trouble }: Use<T>,
  signal: AbortSignal,
): Promise<{ ok: true; data: T } | Failure> {
  const until = performance.now() + Math.min(timeLeft, DATABASE_LIMITS.deadline)
  const left = () => Math.max(1, Math.round(until - performance.now()))
  const late = new AbortController()
  const timer = setTimeout(() => {
    late.abort(new Error('no answer in time'))
  }, left())
  const either = AbortSignal.any([signal, late.signal])
  let leave: (() => void) | null = null
  let socket: Socket | null = null
  try {
    leave = await gate.enter(either)
    if (leave === null) return CROWDED
    const opened = await outbound.connect(place, Math.min(left(), DATABASE_LIMITS.connect), either)
    if (!opened.ok)
      return { ok: false, problem: opened.fault, message: NOT_OPENED[opened.fault], sent: false }
    socket = opened.socket
    const link = { socket, host: opened.host, port: place.port, timeLeft: left }
    return { ok: true, data: await abortable(work(link), either) }
  } catch (error) {
    signal.throwIfAborted()
    const found = late.signal.aborted ? LATE : (trouble(error) ?? brokenBy(error))
    return { ok: false, ...found, sent: socket !== null }
  } finally {
    clearTimeout(timer)
    socket?.destroy()
    leave?.()
  }
}

const CROWDED: Failure = {
  ok: false,
  problem: 'unavailable',
  message: 'It is being asked too much at the moment.',
  sent: false,
}

const NOT_OPENED = {
  refused: 'Its address may not be reached from here.',
  unreachable: 'It cannot be reached: nobody answers at this host and port.',
  timeout: 'It cannot be reached: it did not answer in time.',
} as const

const LATE: Trouble = { problem: 'timeout', message: 'It did not answer in time.' }

/** Whatever a server does that is none may be behind it: what a driver makes of that tells nothing. */
function brokenBy(error: unknown): Trouble {
  if (error instanceof TooMuch)
    return { problem: 'too_large', message: 'Its answer is too large: let the query ask for fewer columns.' }
  const problem = tlsProblem(error)
  if (problem !== null) return { problem: 'refused', message: problem }
  return { problem: 'broken', message: 'The connection broke before it had answered.' }
}
