/** Characters that stand before what was looked for, and all that are shown. */
const BEFORE = 60
const SHOWN = 200

/** What stands around `search` in a text, in one line; the beginning where it is not found as it is written. */
export function snippetOf(text: string, search: string): string {
  const line = text.replaceAll(/\s+/g, ' ')
  const from = Math.max(0, line.toLowerCase().indexOf(search.toLowerCase()) - BEFORE)
  const shown = line.slice(from, from + SHOWN).toWellFormed()
  return `${from > 0 ? '…' : ''}${shown}${from + SHOWN < line.length ? '…' : ''}`
}
