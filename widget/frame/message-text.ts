import { WIRE_LIMITS } from '../../protocol/limits.ts'
import type { OutboxEntry } from '../bridge.ts'

/** What can be sent of what was typed: no NUL, no half characters, no blanks around it. */
export function sendable(typed: string): string {
  return typed
    .replaceAll('\0', '')
    .replace(/[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/g, '')
    .trim()
}

/** Length as the server counts it: in code points. */
export function lengthOf(text: string): number {
  return text.length - (text.match(/[\uD800-\uDBFF][\uDC00-\uDFFF]/g)?.length ?? 0)
}

export function isTooLong(text: string): boolean {
  return lengthOf(text) > WIRE_LIMITS.text
}

/** A message to be sent, with the id under which it is sent however often. */
export function newEntry(text: string): OutboxEntry {
  return { client_message_id: crypto.randomUUID(), text, created_at: new Date().toISOString() }
}
