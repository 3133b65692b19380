/** A cell of a row. Numbers are written as they are, nothing as an empty cell. */
export type Cell = string | number | null

/** With what a file begins that spreadsheets are to read as UTF-8. */
export const BYTE_ORDER_MARK = '\uFEFF'

/** A row of RFC 4180, its end included. No cell of it is a formula to a spreadsheet. */
export function csvRow(cells: readonly Cell[]): string {
  return `${cells.map(written).join(',')}\r\n`
}

function written(cell: Cell): string {
  if (cell === null) return ''
  if (typeof cell === 'number') return String(cell)
  const text = FORMULA.test(cell) ? `'${cell}` : cell
  return `"${text.replaceAll('"', '""')}"`
}

/**
 * What a spreadsheet takes for a formula, also behind blanks and characters that nobody sees, and in full width:
 * https://owasp.org/www-community/attacks/CSV_Injection
 */
const FORMULA = /^[\t\r\n]|^[\s\p{Cf}]*[=+\-@＝＋－＠]/u
