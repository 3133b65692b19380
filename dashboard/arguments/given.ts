import type { ArgumentRow } from './rows.ts'

/** What somebody typed for each argument, by its name. */
export type Typed = Readonly<Record<string, string>>

/** What a function is given, or the first argument that cannot be read, by name. */
export type Given = { ok: true; given: Record<string, unknown> } | { ok: false; name: string }

/** Makes arguments of what was typed into a form; an empty field is an argument that is not given. */
export function givenOf(rows: readonly ArgumentRow[], typed: Typed): Given {
  const given: [name: string, value: unknown][] = []
  for (const row of rows) {
    const text = typed[row.name] ?? ''
    if (text === '') continue
    const value = valueOf(row, text)
    if (value === undefined) return { ok: false, name: row.name }
    given.push([row.name, value])
  }
  return { ok: true, given: Object.fromEntries(given) }
}

function valueOf({ kind }: ArgumentRow, text: string): unknown {
  switch (kind) {
    case 'number':
    case 'whole':
      return numberOf(text)
    case 'yesNo':
      return text === 'yes'
    case 'texts':
      return linesOf(text)
    case 'other':
      return jsonOf(text)
    default:
      return text
  }
}

/** One text on each line. */
export function linesOf(text: string): string[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
}

function numberOf(text: string): number | undefined {
  const value = Number(text)
  return text.trim() !== '' && Number.isFinite(value) ? value : undefined
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
