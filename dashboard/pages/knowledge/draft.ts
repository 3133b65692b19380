import type { KnowledgePassage, NewDocumentBody } from '../../../protocol/knowledge-keeping.ts'

/** A document as it is written or edited: a list of questions or parts, or a text that is still to be cut. */
export interface DocumentDraft {
  title: string
  url: string
  passages: KnowledgePassage[]
  text: string
}

export const EMPTY_PASSAGE: KnowledgePassage = { title: '', content: '' }

/** What is kept of a new one; null where something that is needed is missing. */
export function newDocument(kind: 'faq' | 'markdown', draft: DocumentDraft): NewDocumentBody | null {
  const { title, text } = draft
  const place = placeOf(draft)
  if (title.trim() === '') return null
  if (kind === 'markdown') return text.trim() === '' ? null : { title: title.trim(), kind, text, ...place }
  const passages = passagesIn(draft)
  return passages === null ? null : { title: title.trim(), kind, passages, ...place }
}

/** What is kept of one that is edited; null where something is missing. */
export function editedDocument(draft: DocumentDraft) {
  const passages = passagesIn(draft)
  const title = draft.title.trim()
  return title === '' || passages === null ? null : { title, passages, ...placeOf(draft) }
}

/** Those in which something stands; null where one is half empty, or there is none. */
function passagesIn({ passages }: DocumentDraft): KnowledgePassage[] | null {
  const written = passages
    .map(({ title, content }) => ({ title: title.trim(), content: content.trim() }))
    .filter(({ title, content }) => title !== '' || content !== '')
  const whole = written.every(({ title, content }) => title !== '' && content !== '')
  return whole && written.length > 0 ? written : null
}

function placeOf({ url }: DocumentDraft): { url?: string } {
  return url.trim() === '' ? {} : { url: url.trim() }
}

const TYPES: Partial<Record<string, string>> = {
  ...{ md: 'text/markdown', markdown: 'text/markdown', txt: 'text/plain' },
  ...{ html: 'text/html', htm: 'text/html', pdf: 'application/pdf' },
}

/** The media type of a file: by its name, which browsers often do not know. */
export function mediaType({ name, type }: Pick<File, 'name' | 'type'>): string {
  const ending = /\.([^.]+)$/.exec(name)?.[1]?.toLowerCase() ?? ''
  return TYPES[ending] ?? (type === '' ? 'application/octet-stream' : type)
}
