import type { DocumentKind } from '../document.ts'

export type FileKind = Exclude<DocumentKind, 'faq'>

const BY_TYPE: Readonly<Record<string, FileKind>> = {
  'text/markdown': 'markdown',
  'text/x-markdown': 'markdown',
  'text/plain': 'text',
  'text/html': 'html',
  'application/xhtml+xml': 'html',
  'application/pdf': 'pdf',
}

const BY_ENDING: Readonly<Record<string, FileKind>> = {
  md: 'markdown',
  markdown: 'markdown',
  txt: 'text',
  text: 'text',
  html: 'html',
  htm: 'html',
  xhtml: 'html',
  pdf: 'pdf',
}

/** What a file is, by its media type, else by its name's ending; null where that is nothing we read. */
export function kindOfFile(file: { name?: string | undefined; type?: string | undefined }): FileKind | null {
  const type = file.type?.split(';')[0]?.trim().toLowerCase() ?? ''
  const ending = /\.([a-z]+)$/i.exec(file.name ?? '')?.[1]?.toLowerCase() ?? ''
  return lookUp(BY_TYPE, type) ?? lookUp(BY_ENDING, ending)
}

function lookUp(table: Readonly<Record<string, FileKind>>, key: string): FileKind | null {
  return Object.hasOwn(table, key) ? (table[key] ?? null) : null
}
