import { pino } from 'pino'
import { Server } from 'socket.io'
import type { Fetch } from '../../server/http/fetch.ts'
import { createEngine, type Engine, type EngineKind } from '../../sockets/engine/engine.ts'
import { SOCKET_SERVER_OPTIONS } from '../../sockets/engine/limits.ts'

/** The engine that this run of the suite is about. */
export const engineKind = (process.env['TEST_ENGINE'] ?? 'uws') as EngineKind

export interface Running {
  engine: Engine
  io: Server
  port: number
  origin: string
  close(): Promise<void>
}

export interface StartOptions {
  fetch?: Fetch
  /** A free one by default. */
  port?: number
  /** Told every line that is logged. */
  logged?: (line: Record<string, unknown>) => void
}

/** The engine under test on a free port of the loopback, with a Socket.IO server. */
export async function startEngine(options: StartOptions = {}): Promise<Running> {
  const log = pino(
    { level: 'debug' },
    { write: (line) => options.logged?.(JSON.parse(line) as Record<string, unknown>) },
  )
  const engine = createEngine({ kind: engineKind, log })
  const io = new Server(SOCKET_SERVER_OPTIONS)
  engine.attach(io)
  engine.serve(options.fetch ?? (() => new Response('not found', { status: 404 })))
  const { port } = await engine.listen('127.0.0.1', options.port ?? 0)
  return {
    engine,
    io,
    port,
    origin: `http://127.0.0.1:${port}`,
    close: async () => {
      await io.close()
      await engine.close()
    },
  }
}

/** Resolves when `emitter` says `event`, with what it says first. */
export function saying<T>(
  emitter: { once(event: string, listener: (value: T) => void): unknown },
  event: string,
): Promise<T> {
  return new Promise((resolve) => emitter.once(event, resolve))
}
