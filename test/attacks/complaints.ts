import assert from 'node:assert/strict'
import { pino } from 'pino'
import type { Logger } from '../../server/infra/logger.ts'

/** Everything that a process says or does only when something has gone wrong in it. */
export interface Complaints {
  /** For the app under test: what it logs as an error is a complaint. */
  readonly log: Logger
  /** Fails with what has come since the last time. */
  none(): void
  stop(): void
}

const FATAL = ['unhandledRejection', 'uncaughtExceptionMonitor', 'warning'] as const

/** Listens to this process: errors nobody handled, warnings of Node, anything on stderr, and the app's log. */
export function listenForComplaints(): Complaints {
  const heard: string[] = []
  const write = process.stderr.write.bind(process.stderr)
  process.stderr.write = (chunk: string | Uint8Array) => {
    heard.push(`stderr: ${chunk.toString()}`)
    return true
  }
  const hearers = FATAL.map((event) => {
    const hear = (reason: unknown) => heard.push(`${event}: ${String(reason)}`)
    process.on(event, hear)
    return { event, hear }
  })
  return {
    log: pino({ level: 'error' }, { write: (line) => heard.push(`log: ${line}`) }),
    none: () => assert.deepEqual(heard.splice(0), []),
    stop() {
      process.stderr.write = write
      for (const { event, hear } of hearers) process.off(event, hear)
    },
  }
}
