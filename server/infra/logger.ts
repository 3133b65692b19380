import { destination, pino, type Logger } from 'pino'
import pretty from 'pino-pretty'

export type { Logger } from 'pino'

/** How many causes of an error are told. */
const CAUSES_TOLD = 4

/**
 * The log of this process, on stdout: lines for people when `pretty`, else one JSON object a line.
 *
 * What may be logged: ids, counts, durations, codes, and errors (as `err`, with their stack). Never what somebody
 * wrote, never tokens, keys or passwords, never names, addresses or anything else about a person.
 */
export function createLogger(settings: { level: string; pretty: boolean }): Logger {
  return pino(
    {
      level: settings.level,
      base: null,
      timestamp: () => `,"time":"${new Date().toISOString()}"`,
      formatters: { level: (label) => ({ level: label }) },
      serializers: { err: describeError },
    },
    settings.pretty
      ? pretty({ sync: true, translateTime: 'SYS:HH:MM:ss.l', singleLine: true })
      : destination({ dest: 1, sync: true }),
  )
}

/**
 * An error as the log tells it. Only these fields: a database error also carries the statement's values and the
 * row it failed on, which are what people wrote.
 */
export function describeError(error: unknown, causes = CAUSES_TOLD): object | string {
  if (!(error instanceof Error)) return typeof error
  const code = 'code' in error && typeof error.code === 'string' ? error.code : undefined
  return {
    type: error.name,
    message: error.message,
    ...(code === undefined ? {} : { code }),
    stack: error.stack,
    ...(error.cause === undefined || causes === 0 ? {} : { cause: describeError(error.cause, causes - 1) }),
  }
}
