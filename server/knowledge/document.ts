import { createHash } from 'node:crypto'
import { refuse, succeed, type Result } from '../../protocol/result.ts'
import { visibleText } from '../infra/visible-text.ts'
import { chunk, type PassageText } from './chunk.ts'

/** What one document may hold. Characters are UTF-16 units. */
export const DOCUMENT_LIMITS = {
  text: 1_000_000,
  passages: 2_000,
  passage: 8_000,
  title: 300,
  url: 2_000,
} as const

export type DocumentKind = 'faq' | 'text' | 'markdown' | 'html' | 'pdf'

/**
 * A document to keep: passages as they stand (a FAQ: question and answer), or text to be cut into passages. HTML
 * and PDF come as the text that `importDocument` makes of them. `url` is where people read it: http or https.
 */
export type DocumentInput = { title: string; kind: DocumentKind; url?: string } & (
  { passages: readonly PassageText[] } | { text: string }
)

/** A document of a client, as it is kept. */
export interface KeptDocument {
  id: string
  title: string
  kind: DocumentKind
  url: string | null
  passages: number
  created_at: Date
}

/** A document as it is written: cleaned, cut, and known by its hash. */
export interface ReadyDocument {
  title: string
  kind: DocumentKind
  url: string | null
  /** SHA-256 over everything else here. */
  hash: Buffer
  passages: PassageText[]
}

/**
 * Makes a document ready to be written. Refused: `invalid_payload` without any words or with a url of another kind,
 * `payload_too_large` over `DOCUMENT_LIMITS`.
 */
export function prepare(input: DocumentInput): Result<ReadyDocument> {
  const { kind, url = null } = input
  const title = clean(input.title)
  if (title.length > DOCUMENT_LIMITS.title) return tooLarge('title', 'characters')
  if ('text' in input && input.text.length > DOCUMENT_LIMITS.text) return tooLarge('text', 'characters')
  if (url !== null && !isWebAddress(url))
    return refuse('invalid_payload', 'The url is no http or https address.')
  const passages = readPassages(title, input)
  if (title === '' || passages.length === 0) return refuse('invalid_payload', 'The document is empty.')
  if (passages.length > DOCUMENT_LIMITS.passages) return tooLarge('passages', 'in all')
  const longest = Math.max(...passages.map((passage) => passage.content.length))
  if (longest > DOCUMENT_LIMITS.passage) return tooLarge('passage', 'characters')
  const hash = createHash('sha256')
    .update(JSON.stringify([title, kind, url, passages]))
    .digest()
  return succeed({ title, kind, url, hash, passages })
}

function readPassages(title: string, input: DocumentInput): PassageText[] {
  const passages =
    'text' in input
      ? chunk(title, clean(input.text), hasHeadings(input.kind) ? 'markdown' : 'text')
      : input.passages.map((passage) => ({
          title: clean(passage.title) || title,
          content: clean(passage.content),
        }))
  return passages
    .filter(({ content }) => content !== '')
    .map((passage) => ({ ...passage, title: passage.title.slice(0, DOCUMENT_LIMITS.title).toWellFormed() }))
}

function hasHeadings(kind: DocumentKind): boolean {
  return kind !== 'text'
}

/** What a person sees, in one spelling. */
function clean(text: string): string {
  return visibleText(text).replace(/\r\n?/g, '\n').normalize('NFC').trim()
}

function isWebAddress(url: string): boolean {
  if (url.length > DOCUMENT_LIMITS.url || !URL.canParse(url)) return false
  return ['http:', 'https:'].includes(new URL(url).protocol)
}

function tooLarge(part: keyof typeof DOCUMENT_LIMITS, unit: string) {
  const most = DOCUMENT_LIMITS[part].toLocaleString('en')
  return refuse('payload_too_large', `The document's ${part} is over ${most} ${unit}.`)
}
