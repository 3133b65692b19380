import { maskSecrets, maskText } from '../mask-secrets.ts'
import type { ToolAnswer } from '../outcome.ts'

/** Reads an answer of n8n: secrets are masked, and nothing is in it that could not be kept. */
export function readAnswer(status: number, contentType: string, bytes: Buffer): ToolAnswer {
  const text = bytes.toString('utf8').trim()
  // n8n answers so where a workflow breaks before its Respond to Webhook node: https://github.com/n8n-io/n8n/issues/17040
  if (text === '') return { status, kind: status === 200 ? 'silent' : 'empty', body: null }
  if (/\bjson\b/i.test(contentType)) return readJson(status, text)
  if (contentType !== '' && !/^text\//i.test(contentType)) return { status, kind: 'unreadable', body: null }
  // n8n says text/html of every text that a workflow gives back, and some say text/plain of JSON.
  if (/^<(?:!doctype|html|head|body)\b/i.test(text)) return { status, kind: 'page', body: null }
  const parsed = /^[[{]/.test(text) ? readJson(status, text) : null
  return parsed?.kind === 'json' ? parsed : { status, kind: 'text', body: maskText(text) }
}

function readJson(status: number, text: string): ToolAnswer {
  try {
    return { status, kind: 'json', body: maskSecrets(JSON.parse(text)) }
  } catch {
    return { status, kind: 'unreadable', body: null }
  }
}
