import { ProviderError } from './provider.ts'

/** The object that a JSON text is; null when it is anything else, or broken. */
export function parseObject(json: string): Record<string, unknown> | null {
  try {
    return objectOf(JSON.parse(json))
  } catch {
    return null
  }
}

/** The value where it is an object, else null. */
export function objectOf(value: unknown): Record<string, unknown> | null {
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value)
  return isObject ? (value as Record<string, unknown>) : null
}

/** One event of a stream. The error tells nothing of the text: it may be what must not be found in a log. */
export function parseEvent(data: string): Record<string, unknown> {
  const event = parseObject(data)
  if (event) return event
  throw new ProviderError('broken_stream', 'An event of the stream cannot be read')
}
