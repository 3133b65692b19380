/** Whose SQL it is. */
export type Dialect = 'postgres' | 'mysql'

/**
 * A piece of a query. `quoted`: a literal or a quoted name. `placeholder`: its text begins with a colon. `open`: a quote
 * or comment that does not end; it is the last piece.
 */
export interface Token {
  kind: 'word' | 'placeholder' | 'quoted' | 'comment' | 'space' | 'separator' | 'sign' | 'open'
  text: string
  /** Characters before it. */
  at: number
}

/** Cuts a query into pieces, which joined are the query again. Reads as the database does where quotes and comments end. */
export function scan(query: string, dialect: Dialect): Token[] {
  const tokens: Token[] = []
  for (let at = 0; at < query.length;) {
    const token = tokenAt(query, at, dialect)
    tokens.push(token)
    at += token.text.length
  }
  return tokens
}

type Rule = [kind: Token['kind'], pattern: RegExp]

/** What both read alike; the last one takes whatever is left. `::` is a cast, `:=` an assignment. */
const COMMON: readonly Rule[] = [
  ['space', /\s+/y],
  ['separator', /;/y],
  ['sign', /::|:=/y],
  ['placeholder', /:[a-z_]\w*(?:\.\w+)?/iy],
]
const REST: readonly Rule[] = [['sign', /./suy]]

/**
 * https://www.postgresql.org/docs/current/sql-syntax-lexical.html; nested comments and dollar quotes are read below. A
 * name before a quote is a type (`date'2026-01-01'`), but for E, which lets backslashes escape.
 */
const POSTGRES: readonly Rule[] = [
  ['comment', /--[^\n]*/y],
  ['quoted', /e'(?:[^'\\]|\\.|'')*'/isy],
  ['quoted', /'(?:[^']|'')*'/y],
  ['quoted', /"(?:[^"]|"")*"/y],
  ['word', /[a-z_\u0080-\uffff][\w$\u0080-\uffff]*/iy],
  ['word', /\$?\d[\w.]*/y],
]

/** https://dev.mysql.com/doc/refman/8.4/en/language-structure.html; `--` begins a comment only before white space. */
const MYSQL: readonly Rule[] = [
  ['comment', /#[^\n]*|--(?=\s|$)[^\n]*/y],
  ['comment', /\/\*.*?\*\//sy],
  ['quoted', /'(?:[^'\\]|\\.|'')*'/sy],
  ['quoted', /"(?:[^"\\]|\\.|"")*"/sy],
  ['quoted', /`(?:[^`]|``)*`/y],
  ['word', /[\w$\u0080-\uffff]+/y],
]

const RULES = {
  postgres: [...COMMON, ...POSTGRES, ...REST],
  mysql: [...COMMON, ...MYSQL, ...REST],
} as const

/** What a quote or comment begins with; where a whole one stands, a rule has taken it. */
const OPENS = { postgres: /e'|['"]|\/\*/iy, mysql: /['"`]|\/\*/y } as const

function tokenAt(query: string, at: number, dialect: Dialect): Token {
  const special = dialect === 'postgres' ? nestedComment(query, at) || dollarQuote(query, at) : null
  if (special) return special
  for (const [kind, pattern] of RULES[dialect]) {
    const text = matchAt(pattern, query, at)
    if (text === null) continue
    const begins = kind === 'sign' || kind === 'word' ? matchAt(OPENS[dialect], query, at) : null
    return begins === null ? { kind, text, at } : { kind: 'open', text: query.slice(at), at }
  }
  return { kind: 'open', text: query.slice(at), at }
}

function nestedComment(query: string, at: number): Token | null {
  if (!query.startsWith('/*', at)) return null
  const marks = /\/\*|\*\//g
  marks.lastIndex = at
  let depth = 0
  for (let mark = marks.exec(query); mark; mark = marks.exec(query)) {
    depth += mark[0] === '/*' ? 1 : -1
    if (depth === 0) return { kind: 'comment', text: query.slice(at, marks.lastIndex), at }
  }
  return { kind: 'open', text: query.slice(at), at }
}

function dollarQuote(query: string, at: number): Token | null {
  const mark = matchAt(/\$(?:[a-z_\u0080-\uffff][\w\u0080-\uffff]*)?\$/iy, query, at)
  if (mark === null) return null
  const end = query.indexOf(mark, at + mark.length)
  if (end === -1) return { kind: 'open', text: query.slice(at), at }
  return { kind: 'quoted', text: query.slice(at, end + mark.length), at }
}

function matchAt(pattern: RegExp, query: string, at: number): string | null {
  pattern.lastIndex = at
  return pattern.exec(query)?.[0] ?? null
}
