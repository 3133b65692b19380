/** Whether a record is one that a query of Shopify's search syntax means. */
export type Matches = (field: string | null, value: string) => boolean

/**
 * Reads and answers a query by the grammar of Shopify's "API search syntax": terms, quoted or not, with or without a
 * field; `-` and NOT; AND, implied too; OR; parentheses.
 */
export function searchMatches(query: string, matches: Matches): boolean {
  const tokens = [...query.matchAll(TOKEN)].map(([token]) => token)
  let at = 0
  return either()

  function either(): boolean {
    let found = both()
    while (tokens[at] === 'OR') {
      at++
      const next = both()
      found = found || next
    }
    return found
  }

  function both(): boolean {
    let found = term()
    while (at < tokens.length && tokens[at] !== 'OR' && tokens[at] !== ')') {
      if (tokens[at] === 'AND') at++
      const next = term()
      found = found && next
    }
    return found
  }

  function term(): boolean {
    const token = tokens[at++] ?? ''
    if (token === 'NOT' || token === '-') return !term()
    if (token === '(') {
      const found = either()
      if (tokens[at] === ')') at++
      return found
    }
    if (tokens[at] !== ':') return matches(null, unquoted(token))
    at++
    return matches(token, unquoted(tokens[at++] ?? ''))
  }
}

const TOKEN = /"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|[()]|:[<>]?=?|-(?=\S)|(?:\\.|[^\s():"'\\])+/g

function unquoted(token: string): string {
  const inner = /^(["'])(.*)\1$/s.exec(token)
  return (inner?.[2] ?? token).replace(/\\(.)/g, '$1')
}
