import { collectDefaultMetrics, Gauge, Registry } from 'prom-client'
import { counter, gauge } from './read-when-asked.ts'

/** What Prometheus reads. One registry per app, so that several apps in one process do not share numbers. */
export interface Metrics {
  /** Where parts add what they count themselves. */
  registry: Registry
  /** The exposition format, and its content type. */
  read(): Promise<{ body: string; contentType: string }>
}

/** One of several processes on one port, of which whoever asks reaches any. */
export interface WorkerSeat {
  /** From 1 on; whoever comes after one that died has its number. */
  id: number
  /** Told how this process is read, in the exposition format, it tells how all of them are. */
  together(readOwn: () => Promise<string>): () => Promise<string>
}

export interface Measured {
  worker?: WorkerSeat
  version: string
  /** The live engine: `uws` or `node`. */
  engine: string
  /** Visitors' sockets that are open now. */
  openSockets: () => number
  /** Streams of events that are open now, and requests that wait for their answer. */
  openStreams: () => number
  awaitedAnswers: () => number
  /** Turns that run here now. */
  runningTurns: () => number
  /** Whether new ones are refused, and how many messages were. */
  isBusy: () => boolean
  turnedAway: () => number
}

/** The process's own numbers (CPU, memory, event loop) and Parlor's. */
export function createMetrics(measured: Measured): Metrics {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  const { version, engine, worker } = measured
  // Each worker's counts by themselves: a sum would fall when one of them begins anew.
  if (worker) registry.setDefaultLabels({ worker: String(worker.id) })
  new Gauge({
    name: 'parlor_build_info',
    help: 'The running build and the live socket engine; always 1.',
    labelNames: ['version', 'engine'],
    registers: [registry],
  }).set({ version, engine }, 1)
  gauge(
    registry,
    'parlor_sockets_open',
    'Visitors’ sockets that are open on this node.',
    measured.openSockets,
  )
  gauge(
    registry,
    'parlor_streams_open',
    'Streams of events that are open on this node.',
    measured.openStreams,
  )
  gauge(
    registry,
    'parlor_answers_awaited',
    'Requests that wait on this node for their answer.',
    measured.awaitedAnswers,
  )
  gauge(registry, 'parlor_turns_running', 'Turns that this node runs.', measured.runningTurns)
  gauge(registry, 'parlor_busy', 'Whether this node refuses new turns: 1 or 0.', () =>
    Number(measured.isBusy()),
  )
  counter(
    registry,
    'parlor_messages_refused_busy_total',
    'Messages that were refused as busy.',
    measured.turnedAway,
  )
  const readOwn = () => registry.metrics()
  const readAll = worker ? worker.together(readOwn) : readOwn
  return { registry, read: async () => ({ body: await readAll(), contentType: registry.contentType }) }
}
