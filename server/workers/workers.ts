import { Counter, Gauge, Registry } from 'prom-client'
import type { Config } from '../config/config.ts'
import type { Logger } from '../infra/logger.ts'
import { StartError } from '../infra/start-error.ts'
import { Gathering } from './gathering.ts'
import type { WorkerLimits } from './limits.ts'
import type { FromWorker, Serving } from './messages.ts'
import { restartDelay } from './restart-delay.ts'
import type { ForkWorker, WorkerProcess } from './worker-process.ts'

export interface WorkersParts {
  /** What each worker gets; `workers` says how many there are, and the port is not 0. */
  config: Config
  log: Logger
  fork: ForkWorker
  limits: WorkerLimits
}

/** One place among the workers, whoever has it. */
interface Seat {
  id: number
  process: WorkerProcess | null
  /** It takes connections. */
  serves: boolean
  /** It is loaded, and gives signs of life. */
  here: boolean
  /** When it began to serve, and when it was heard last, by `performance.now()`. */
  servesSince: number
  heardAt: number
  /** How often it died since it was steady. */
  failures: number
  /** Why it says that it ends. */
  reason: { text: string; told: boolean } | null
  again: NodeJS.Timeout | null
}

/** Keeps a number of processes running that serve on one port. */
export class Workers {
  readonly #parts: WorkersParts
  readonly #limits: WorkerLimits
  readonly #seats: Seat[]
  readonly #gathering: Gathering
  readonly #registry = new Registry()
  readonly #restarts: Counter
  readonly #allServe = deferred<Serving>()
  readonly #failing = deferred<never>()
  #look: NodeJS.Timeout | null = null
  #lookedAt = 0
  /** Starts that failed since any worker began to serve. */
  #failedStarts = 0
  #draining = false

  constructor(parts: WorkersParts) {
    this.#parts = parts
    this.#limits = parts.limits
    this.#gathering = new Gathering(this.#limits.measure)
    this.#seats = Array.from({ length: parts.config.workers }, (_, index) => emptySeat(index + 1))
    this.#restarts = this.#count()
    // Whoever waits for it is told; nobody has to.
    this.failed.catch(() => undefined)
  }

  /** Rejects with a `StartError` once workers end as soon as they start, and none is left that serves. */
  get failed(): Promise<never> {
    return this.#failing.promise
  }

  /** Starts all of them. Resolves when each has begun to serve; rejects as `failed` does. */
  start(): Promise<Serving> {
    this.#lookedAt = performance.now()
    this.#look = setInterval(() => this.#lookForSilent(), this.#limits.look)
    for (const seat of this.#seats) this.#fork(seat)
    return Promise.race([this.#allServe.promise, this.failed])
  }

  /** Lets all of them end. True where each did so in time and by itself. */
  async drain(): Promise<boolean> {
    this.#stopWatching()
    const ends = this.#seats.map(async ({ process, serves }) => {
      if (!process) return true
      // Who does not serve yet has nothing to end.
      if (serves) process.send({ kind: 'drain' })
      else process.kill()
      const timer = setTimeout(() => process.kill(), this.#limits.drain)
      const { code } = await process.ended
      clearTimeout(timer)
      return !serves || code === 0
    })
    return (await Promise.all(ends)).every(Boolean)
  }

  /** Ends all of them at once. */
  kill(): void {
    this.#stopWatching()
    for (const { process } of this.#seats) process?.kill()
  }

  #stopWatching(): void {
    this.#draining = true
    if (this.#look) clearInterval(this.#look)
    for (const { again } of this.#seats) if (again) clearTimeout(again)
  }

  #fork(seat: Seat): void {
    const process = this.#parts.fork((message) => this.#hear(seat, process, message))
    Object.assign(seat, { process, serves: false, here: false, heardAt: performance.now(), reason: null })
    void process.ended.then((ended) => {
      this.#ended(
        seat,
        ended.signal === null ? `It ended with code ${ended.code}.` : `It got ${ended.signal}.`,
      )
    })
  }

  #hear(seat: Seat, process: WorkerProcess, message: FromWorker): void {
    seat.heardAt = performance.now()
    switch (message.kind) {
      case 'here':
        seat.here = true
        process.send({ kind: 'begin', worker: seat.id, config: this.#parts.config })
        return
      case 'serving':
        this.#serves(seat, process, message)
        return
      case 'failed':
        seat.reason = { text: message.reason, told: message.told }
        return
      case 'measure':
        void this.#measure(process, message.round)
        return
      case 'measured':
        this.#gathering.take(process, message)
    }
  }

  #serves(seat: Seat, { pid }: WorkerProcess, { url, engine }: Serving): void {
    seat.serves = true
    seat.servesSince = performance.now()
    this.#failedStarts = 0
    this.#parts.log.info({ worker: seat.id, pid }, 'A worker serves')
    if (this.#seats.every(({ serves }) => serves)) this.#allServe.resolve({ url, engine })
  }

  #ended(seat: Seat, how: string): void {
    const { serves, reason, servesSince } = seat
    Object.assign(seat, { process: null, serves: false })
    if (this.#draining) return
    if (!serves) this.#failedStarts++
    if (serves && performance.now() - servesSince >= this.#limits.steady) seat.failures = 0
    seat.failures++
    if (this.#isHopeless(reason)) {
      this.#giveUp(reason?.told === true, reason?.text ?? how)
      return
    }
    const delay = Math.round(restartDelay(seat.failures, this.#limits.restart))
    this.#parts.log.error(
      { worker: seat.id, reason: reason?.text ?? how, again_in_ms: delay },
      'A worker ended; another one takes its place',
    )
    this.#restarts.inc({ worker: seat.id })
    seat.again = setTimeout(() => this.#fork(seat), delay)
  }

  /** Nobody serves, and what one of them says will not mend itself, or it was tried often enough. */
  #isHopeless(reason: Seat['reason']): boolean {
    if (this.#seats.some(({ serves }) => serves)) return false
    const nobodyEverServed = this.#seats.every(({ servesSince }) => servesSince === 0)
    return (nobodyEverServed && reason?.told === true) || this.#failedStarts >= this.#limits.tries
  }

  #giveUp(told: boolean, reason: string): void {
    this.kill()
    this.#failing.reject(
      told
        ? new StartError('Its workers cannot start.', reason)
        : new StartError(`Its workers end as soon as they start: ${reason}`, 'Their log tells more.'),
    )
  }

  #lookForSilent(): void {
    const now = performance.now()
    // Where this process itself did not run, what they said meanwhile waits to be heard.
    const onTime = now - this.#lookedAt < 2 * this.#limits.look
    this.#lookedAt = now
    if (!onTime) return
    for (const { id, process, here, heardAt } of this.#seats) {
      const limit = here ? this.#limits.silent : this.#limits.loading
      if (!process || now - heardAt < limit) continue
      this.#parts.log.error(
        { worker: id, silent_ms: Math.round(now - heardAt) },
        'A worker hangs; it is killed',
      )
      process.kill()
    }
  }

  async #measure(asker: WorkerProcess, round: number): Promise<void> {
    const serving = this.#seats.flatMap(({ process, serves }) => (process && serves ? [process] : []))
    const text = await this.#gathering.gather(serving, await this.#registry.metrics())
    asker.send({ kind: 'measured', round, text })
  }

  #count(): Counter {
    const registers = [this.#registry]
    const serving: Gauge = new Gauge({
      name: 'parlor_workers_serving',
      help: 'Worker processes that serve on this port.',
      registers,
      collect: () => serving.set(this.#seats.filter(({ serves }) => serves).length),
    })
    const help = 'How often a worker died and was started again.'
    return new Counter({ name: 'parlor_worker_restarts_total', help, labelNames: ['worker'], registers })
  }
}

function emptySeat(id: number): Seat {
  const never = { servesSince: 0, heardAt: 0 }
  return { id, process: null, serves: false, here: false, ...never, failures: 0, reason: null, again: null }
}

function deferred<T>(): { promise: Promise<T>; resolve: (value: T) => void; reject: (error: Error) => void } {
  let resolve: (value: T) => void = () => undefined
  let reject: (error: Error) => void = () => undefined
  const promise = new Promise<T>((...settle) => ([resolve, reject] = settle))
  return { promise, resolve, reject }
}
