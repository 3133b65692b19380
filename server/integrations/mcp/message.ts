/** A message of JSON-RPC 2.0, as far as it is known to be one. */
export type Message = Record<string, unknown>

/** What a request came to: what the other side answered, or that it refused, with its code and words. */
export type Reply = { result: Message } | { error: { code: number; message: string; data: unknown } }

/** Objects of a text that is JSON: one message, or several as revisions before 2025-06-18 may send them. */
export function readMessages(text: string): Message[] {
  try {
    const read: unknown = JSON.parse(text)
    return (Array.isArray(read) ? read : [read]).filter(isObject)
  } catch {
    return []
  }
}

/** What a message says to the request of this id; null where it is no answer to it. */
export function replyTo(id: string, message: Message): Reply | null {
  if (message['id'] !== id || 'method' in message) return null
  if (isObject(message['result'])) return { result: message['result'] }
  return errorIn(message)
}

/** An error that answers something of ours, whichever request it names. */
export function errorIn({ error }: Message): Reply | null {
  if (!isObject(error) || typeof error['code'] !== 'number') return null
  const { code, message, data } = error
  return { error: { code, message: typeof message === 'string' ? message : '', data } }
}

/** Whether the other side asks something of us. */
export function isAsking(message: Message): boolean {
  const { id, method } = message
  return typeof method === 'string' && (typeof id === 'string' || typeof id === 'number')
}

export function isObject(value: unknown): value is Message {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
