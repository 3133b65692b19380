import { Writable } from 'node:stream'
import { pino } from 'pino'
import { describeError, type Logger } from '../../server/infra/logger.ts'
import { Inbox } from './inbox.ts'

/** A log whose lines a test reads. */
export interface LogLines {
  logger: Logger
  readonly all: readonly Record<string, unknown>[]
  /** The next line with this message. */
  next(message: string): Promise<Record<string, unknown>>
}

export function createLogLines(): LogLines {
  const lines = new Inbox<Record<string, unknown>>('line of the log')
  const stream = new Writable({
    write(line: Buffer, _encoding, done) {
      lines.put(JSON.parse(line.toString()) as Record<string, unknown>)
      done()
    },
  })
  const logger = pino({ level: 'debug', base: null, serializers: { err: describeError } }, stream)
  return { logger, all: lines.all, next: (message) => lines.take((line) => line['msg'] === message) }
}
