import { scan, type Dialect, type Token } from './scan.ts'

/** The one placeholder that no argument fills: the proven visitor's id. */
export const VISITOR = 'visitor.user_id'

/** A query with the database's own placeholders, as it is prepared. */
export interface CompiledQuery {
  text: string
  /** What is bound to its placeholders, in their order: names of arguments, and `VISITOR`. */
  names: string[]
  /** Where a character of `text` stands in the query as it was written: its line and column, from 1. */
  placeOf(at: number): { line: number; column: number }
}

export type Compiled = { ok: true; query: CompiledQuery } | { ok: false; problem: string }

/**
 * Makes of a query with placeholders such as `:order` one that can be prepared. Says what is wrong as far as it can be
 * told without the database: more than one statement, one that is none for reading, a quote that does not end. No value
 * ever gets into the text.
 */
export function compileQuery(written: string, dialect: Dialect): Compiled {
  const tokens = withoutLastSeparator(scan(written, dialect))
  const problem = problemIn(tokens, dialect)
  if (problem !== null) return { ok: false, problem }
  const names: string[] = []
  const starts: { compiled: number; written: number }[] = []
  let text = ''
  for (const token of tokens) {
    starts.push({ compiled: text.length, written: token.at })
    text += token.kind === 'placeholder' ? bound(token.text.slice(1), names, dialect) : token.text
  }
  return { ok: true, query: { text, names, placeOf } }

  function placeOf(at: number) {
    const start = starts.findLast(({ compiled }) => compiled <= at) ?? { compiled: 0, written: 0 }
    const before = written.slice(0, start.written + at - start.compiled).split('\n')
    return { line: before.length, column: (before.at(-1) ?? '').length + 1 }
  }
}

/** Postgres numbers what is bound, so a name that comes twice is bound once. */
function bound(name: string, names: string[], dialect: Dialect): string {
  if (dialect === 'mysql') {
    names.push(name)
    return '?'
  }
  if (!names.includes(name)) names.push(name)
  return `$${String(names.indexOf(name) + 1)}`
}

function withoutLastSeparator(tokens: Token[]): Token[] {
  const last = tokens.findLastIndex(({ kind }) => kind !== 'space' && kind !== 'comment')
  return tokens[last]?.kind === 'separator' ? tokens.slice(0, last) : tokens
}

/** What a query for reading begins with; brackets may stand before it. */
const FIRST_WORDS = new Set(['SELECT', 'WITH', 'VALUES', 'TABLE'])

function problemIn(tokens: readonly Token[], dialect: Dialect): string | null {
  const code = tokens.filter(({ kind }) => kind !== 'space' && kind !== 'comment')
  if (code.some(({ kind }) => kind === 'open')) return 'has a quote or comment that does not end'
  if (code.some(({ kind }) => kind === 'separator')) return 'is more than one statement'
  const words = code.map(({ kind, text }) => (kind === 'word' ? text.toUpperCase() : text))
  const first = words.find((word) => word !== '(') ?? ''
  if (!FIRST_WORDS.has(first)) return 'does not begin with SELECT, WITH, VALUES or TABLE'
  if (words.includes('INTO')) return 'writes INTO something, and may only read'
  if (code.some((token) => isNumbered(token, dialect)))
    return 'has a placeholder without a name: write :name, with a name of the arguments'
  return dialect === 'mysql' ? problemOfMysql(tokens, words) : null
}

function isNumbered({ kind, text }: Token, dialect: Dialect): boolean {
  return dialect === 'mysql' ? kind === 'sign' && text === '?' : kind === 'word' && text.startsWith('$')
}

/** A read-only transaction of MySQL locks rows all the same, and comments of some forms are run. */
function problemOfMysql(tokens: readonly Token[], words: readonly string[]): string | null {
  const comments = tokens.filter(({ kind }) => kind === 'comment').map(({ text }) => text)
  if (comments.some((text) => /^\/\*M?!/.test(text))) return 'has a comment that MySQL would run (/*! */)'
  if (comments.some((text) => /^\/\*\+.*(?:max_execution_time|set_var)/is.test(text)))
    return 'has a hint that would change its limits'
  const locks = words.some(
    (word, at) =>
      (word === 'FOR' && ['UPDATE', 'SHARE'].includes(words[at + 1] ?? '')) ||
      (word === 'LOCK' && words[at + 1] === 'IN'),
  )
  return locks ? 'locks what it reads (FOR UPDATE, FOR SHARE, LOCK IN SHARE MODE)' : null
}
