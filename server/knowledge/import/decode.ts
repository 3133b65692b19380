import { Unreadable } from './unreadable.ts'

/**
 * The text of a file, by the first of these that says how it is written: its byte order mark, the charset of its
 * media type, a `<meta>` of HTML, being valid UTF-8; else UTF-16 or the Windows encoding of Hebrew or of Western
 * Europe, whichever it looks like. Throws `Unreadable` for what is no text.
 */
export function decode(bytes: Uint8Array, type?: string): string {
  const text = decodeAs(
    bytes,
    markedEncoding(bytes) ?? declaredEncoding(bytes, type) ?? likelyEncoding(bytes),
  )
  const strange = text.match(/[\uFFFD]|[^\P{Control}\t\n\r\f]/gu)?.length ?? 0
  if (strange > text.length / 100 + 1)
    throw new Unreadable('This is no text, or in an encoding that is not known.')
  return text
}

function decodeAs(bytes: Uint8Array, encoding: string): string {
  const text = new TextDecoder(encoding).decode(bytes)
  // Node 20 takes this encoding for ISO 8859-1, which has controls where this one has quotation marks.
  return encoding === 'windows-1252' ? text.replace(/[\x80-\x9F]/g, (code) => windowsLetter(code)) : text
}

function windowsLetter(code: string): string {
  return WINDOWS_LETTERS[code.charCodeAt(0) - 0x80] ?? code
}

const WINDOWS_LETTERS = '€\x81‚ƒ„…†‡ˆ‰Š‹Œ\x8DŽ\x8F\x90‘’“”•–—˜™š›œ\x9DžŸ'

function markedEncoding([first, second, third]: Uint8Array): string | null {
  if (first === 0xef && second === 0xbb && third === 0xbf) return 'utf-8'
  if (first === 0xff && second === 0xfe) return 'utf-16le'
  if (first === 0xfe && second === 0xff) return 'utf-16be'
  return null
}

/** A page that says it is UTF-16 in letters of one byte each is not: browsers read it as UTF-8, and so do we. */
function declaredEncoding(bytes: Uint8Array, type = ''): string | null {
  const head = decodeAs(bytes.subarray(0, 4_096), 'latin1')
  const label =
    /;\s*charset="?([\w:.-]+)/i.exec(type) ?? /<meta[^>]{0,200}?charset\s*=\s*["']?([\w:.-]+)/i.exec(head)
  const encoding = knownEncoding(label?.[1] ?? '')
  return encoding !== null && !encoding.startsWith('utf-') ? encoding : null
}

function knownEncoding(label: string): string | null {
  try {
    return new TextDecoder(label).encoding
  } catch {
    return null
  }
}

function likelyEncoding(bytes: Uint8Array): string {
  const sample = bytes.subarray(0, 65_536)
  const zeros = [0, 0]
  for (let index = 0; index < sample.length; index++)
    if (sample[index] === 0) zeros[index % 2] = (zeros[index % 2] ?? 0) + 1
  const [even = 0, odd = 0] = zeros
  if (odd > sample.length / 8 && even === 0) return 'utf-16le'
  if (even > sample.length / 8 && odd === 0) return 'utf-16be'
  if (isUtf8(bytes)) return 'utf-8'
  // Hebrew words are three and more letters from 0xE0 to 0xFA in a row; in Western text such letters stand alone.
  return /[\u00E0-\u00FA]{3}/.test(decodeAs(sample, 'latin1')) ? 'windows-1255' : 'windows-1252'
}

function isUtf8(bytes: Uint8Array): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes)
    return true
  } catch {
    return false
  }
}
