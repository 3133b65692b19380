import { getResolvedPDFJS } from 'unpdf'
import type { PDFDocumentProxy, PDFPageProxy } from 'unpdf/pdfjs'
import { readLines, type PdfLine, type PlacedText } from './pdf-lines.ts'
import { joinPages } from './pdf-text.ts'
import type { ReadText } from './read-text.ts'
import { Unreadable } from './unreadable.ts'

/** Titles that programs write where nobody gave one. */
const NO_TITLE =
  /^(?:untitled|microsoft (?:word|powerpoint|excel)\b.*|.*\.(?:docx?|pptx?|xlsx?|odt|indd|html?|pdf))$/i

/**
 * The text of a PDF, in markdown: paragraphs, headings by their size, Hebrew in reading order. Nothing in it is run,
 * drawn or fetched. Throws `Unreadable` for what is locked, broken, only pictures, or over `limits.pages`.
 */
export async function readPdf(bytes: Uint8Array, limits: { pages: number }): Promise<ReadText> {
  const document = await open(bytes)
  try {
    if (document.numPages > limits.pages) {
      throw new Unreadable(`This PDF has ${document.numPages} pages; ${limits.pages} are read at most.`)
    }
    const pages: PdfLine[][] = []
    for (let number = 1; number <= document.numPages; number++) {
      pages.push(readLines(await readPieces(await document.getPage(number))))
    }
    const text = joinPages(pages)
    if (text === '')
      throw new Unreadable('This PDF holds no text, only pictures of it. Make it readable (OCR) first.')
    return { title: await titleOf(document), text }
  } finally {
    await document.destroy()
  }
}

async function open(bytes: Uint8Array): Promise<PDFDocumentProxy> {
  const { getDocument } = await getResolvedPDFJS()
  const settings = { data: bytes, isEvalSupported: false, disableFontFace: true, useSystemFonts: false }
  const loading = getDocument({
    ...settings,
    useWorkerFetch: false,
    enableXfa: false,
    maxImageSize: 0,
    verbosity: 0,
  })
  try {
    return await loading.promise
  } catch (error) {
    if (error instanceof Error && error.name === 'PasswordException') {
      throw new Unreadable('This PDF is locked with a password. Save it without one.')
    }
    throw new Unreadable('This file is no PDF, or a broken one.')
  }
}

async function readPieces(page: PDFPageProxy): Promise<PlacedText[]> {
  const [left = 0, bottom = 0, right = 0, top = 0] = page.view
  const { items } = await page.getTextContent()
  const pieces: PlacedText[] = []
  for (const item of items) {
    if (!('str' in item)) continue
    const [a = 0, b = 0, , d = 0, x = 0, y = 0] = item.transform as number[]
    const size = Math.abs(d) || Math.hypot(a, b)
    if (x < left - size || x > right || y < bottom - size || y > top) continue
    const direction = item.dir === 'rtl' ? 'rtl' : 'ltr'
    pieces.push({ text: item.str, x, y, width: item.width, direction, size })
  }
  page.cleanup()
  return pieces
}

async function titleOf(document: PDFDocumentProxy): Promise<string> {
  const { info } = await document.getMetadata()
  const title = 'Title' in info && typeof info.Title === 'string' ? info.Title.trim() : ''
  return NO_TITLE.test(title) ? '' : title
}
