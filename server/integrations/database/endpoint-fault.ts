import type { Endpoint } from '../kind.ts'
import type { DatabaseConfig, DatabaseRequest } from './config.ts'
import { placeholderFault } from './query/arguments.ts'
import { compileQuery, VISITOR } from './query/compile.ts'

/** Whether it asks for what is one visitor's. */
export function asksForVisitor({ query }: DatabaseRequest, { engine }: DatabaseConfig): boolean {
  const compiled = compileQuery(query, engine)
  return compiled.ok && compiled.query.names.includes(VISITOR)
}

/** What is wrong with a function, as a sentence for a person; null: nothing that can be told without the database. */
export function endpointFault(
  endpoint: Endpoint<DatabaseRequest>,
  { engine }: DatabaseConfig,
): string | null {
  if (endpoint.policy === 'write') return 'policy may not be "write": queries only read.'
  const compiled = compileQuery(endpoint.request.query, engine)
  if (!compiled.ok) return `The query ${compiled.problem}.`
  const fault = placeholderFault(compiled.query.names, endpoint)
  return fault === null ? null : `The query ${fault}.`
}
