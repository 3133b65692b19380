import { refuse, succeed, type Result } from '../../../protocol/result.ts'
import { visibleText } from '../../infra/visible-text.ts'
import { DOCUMENT_LIMITS, type DocumentInput } from '../document.ts'
import { decode } from './decode.ts'
import { kindOfFile, type FileKind } from './file-kind.ts'
import { IMPORT_LIMITS, type ImportLimits } from './limits.ts'
import { readInThread } from './read-in-thread.ts'
import { readMarkdown } from './read-markdown.ts'
import type { ReadText } from './read-text.ts'
import { Unreadable } from './unreadable.ts'

/** A file as it came: its bytes, and what it is said to be. */
export interface ImportedFile {
  bytes: Uint8Array
  /** Its name; the ending says what it is where `type` does not. */
  name?: string
  /** Its media type, with a charset where that is known. */
  type?: string
  /** What it is to be called; else its own title, else its name. */
  title?: string
  /** Where people read it, http or https. */
  url?: string
}

/**
 * Makes a document of a file of Markdown, plain text, HTML or PDF, for `saveDocument`. Refused: `payload_too_large`
 * over `IMPORT_LIMITS.bytes`, `document_unreadable` for what is none of these, is locked, broken or only pictures,
 * or takes too long or too much memory.
 */
export async function importDocument(
  file: ImportedFile,
  limits: ImportLimits = IMPORT_LIMITS,
): Promise<Result<DocumentInput>> {
  const { bytes, name = '', url } = file
  if (bytes.length > limits.bytes) {
    return refuse('payload_too_large', `The file is over ${(limits.bytes / 1024 / 1024).toFixed(0)} MB.`)
  }
  const kind = kindOfFile(file)
  if (kind === null) {
    return refuse(
      'document_unreadable',
      'This is neither Markdown, plain text, HTML nor PDF, by its name and type.',
    )
  }
  try {
    const { title, text, isFaq = false } = await read(file, kind, limits)
    const called = [file.title, title, titleOfName(name)].find((one) => one?.trim()) ?? 'Untitled'
    return succeed({
      title: visibleText(called).trim().slice(0, DOCUMENT_LIMITS.title).toWellFormed(),
      kind: isFaq ? 'faq' : kind,
      text,
      ...(url === undefined ? {} : { url }),
    })
  } catch (error) {
    if (error instanceof Unreadable) return refuse('document_unreadable', error.message)
    throw error
  }
}

async function read(
  { bytes, type, url }: ImportedFile,
  kind: FileKind,
  limits: ImportLimits,
): Promise<ReadText & { isFaq?: boolean }> {
  switch (kind) {
    case 'markdown':
      return readMarkdown(decode(bytes, type))
    case 'text':
      return { title: '', text: decode(bytes, type) }
    case 'html':
      return readInThread({ kind, bytes, type, base: url, pages: limits.pages }, limits)
    case 'pdf':
      return readInThread({ kind, bytes, pages: limits.pages }, limits)
  }
}

/** `help/return-policy.md` is called "return policy". */
function titleOfName(name: string): string {
  const last = name.split(/[/\\]/).at(-1) ?? ''
  return last.replace(/\.[a-z]+$/i, '').replace(/[-_]+/g, ' ')
}
