import { isObject, type Message } from '../../integrations/mcp/message.ts'
import type { McpFailure, Posted } from '../../integrations/mcp/post.ts'
import { maskSecrets, maskText } from '../mask-secrets.ts'
import type { ToolOutcome } from '../outcome.ts'

/** Bytes of a result, once what no model reads was left out of it. */
const LONGEST = 64 * 1024

/** Errors of a request that was refused before anything was done: broken, unknown, or not fitting. */
const NOTHING_DONE: ReadonlySet<number> = new Set([-32_700, -32_600, -32_601, -32_602])

/** What a call came to. Secrets are masked; images, sounds and files are left out. */
export function outcomeOf(posted: Posted): ToolOutcome {
  if (!posted.ok) return outcomeOfFailure(posted)
  if ('error' in posted) {
    const { code, message } = posted.error
    const isRefused = NOTHING_DONE.has(code) || (posted.status >= 400 && posted.status < 500)
    return { failed: maskText(message), sent: !isRefused }
  }
  const { result } = posted
  const { resultType: type = 'complete' } = result
  // It wants to ask back, or to be asked again later, which nobody here does.
  if (type !== 'complete') return { failed: 'It wants more than a call can give.', sent: true }
  const text = textOf(result)
  if (Buffer.byteLength(text) > LONGEST) return { fault: 'too_large', sent: true }
  if (result['isError'] === true) return { failed: maskText(text), sent: true }
  return answerOf(result, text)
}

function outcomeOfFailure({ fault, sent, status }: McpFailure): ToolOutcome {
  switch (fault) {
    case 'unauthorized':
      return { failed: 'It does not let us in.', sent: false }
    case 'rejected':
      return { failed: 'It does not work with us.', sent }
    case 'status':
      return { status: status ?? 500, kind: 'empty', body: null }
    case 'unreadable':
      return { status: 200, kind: 'unreadable', body: null }
    default:
      return { fault, sent }
  }
}

/** Where there are data, the text only repeats them. */
function answerOf({ structuredContent }: Message, text: string): ToolOutcome {
  if (structuredContent !== undefined && structuredContent !== null)
    return Buffer.byteLength(JSON.stringify(structuredContent)) > LONGEST
      ? { fault: 'too_large', sent: true }
      : { status: 200, kind: 'json', body: maskSecrets(structuredContent) }
  if (text === '') return { status: 200, kind: 'empty', body: null }
  const data = parse(text)
  if (data !== null) return { status: 200, kind: 'json', body: maskSecrets(data) }
  return { status: 200, kind: 'text', body: maskText(text) }
}

/** Data as a text: credentials are told by the names under which they stand. */
function parse(text: string): object | null {
  if (!/^[[{]/.test(text)) return null
  try {
    return JSON.parse(text) as object
  } catch {
    return null
  }
}

function textOf({ content }: Message): string {
  const blocks: unknown[] = Array.isArray(content) ? content : []
  return blocks
    .filter(isObject)
    .map(wordsOf)
    .filter((words) => words !== '')
    .join('\n')
    .trim()
}

function wordsOf({ type, text, name, uri, resource }: Message): string {
  if (type === 'text' && typeof text === 'string') return text
  if (type === 'resource_link') return `${plain(name)} ${plain(uri)}`.trim()
  if (type !== 'resource') return `[${plain(type) || 'something'} left out]`
  const { text: inside, uri: place } = isObject(resource) ? resource : {}
  return typeof inside === 'string' ? inside : `[file left out] ${plain(place)}`.trim()
}

function plain(value: unknown): string {
  return typeof value === 'string' ? value : ''
}
