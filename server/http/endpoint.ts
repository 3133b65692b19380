import { OPERATIONS, type OperationName, type OperationOf } from '../../protocol/operations/index.ts'
import type { BodyOf, DataOf, Method, Operation, QueryOf } from '../../protocol/operations/operation.ts'
import { succeed, type Result } from '../../protocol/result.ts'
import type { Client } from '../auth/client-directory.ts'
import type { VisitorSession } from '../auth/visitor-session.ts'
import type { CompileSchema } from '../infra/validate.ts'
import { answer } from './answer.ts'
import type { Handler, HttpContext, HttpParts } from './http-env.ts'
import { readJson } from './read-json.ts'
import { readQuery } from './read-query.ts'
import { authenticate, authenticateServer } from './speaker.ts'

/** One thing that is served. */
export interface Route {
  method: Method
  /** As Hono has it: `:name` is one segment. */
  path: string
  handler: Handler
  /** Null for pages and files, which are no part of the API. */
  operation: Operation | null
}

/** What an operation was asked, as its schemas have it. */
export interface Input<K extends OperationName> {
  query: QueryOf<OperationOf<K>>
  body: BodyOf<OperationOf<K>>
}

/**
 * Serves an operation. `read` gives what was asked, checked, or the refusal to answer with; it reads the body, so it
 * is called once, after whatever can be refused without.
 */
export type Endpoint<K extends OperationName> = (
  c: HttpContext,
  read: () => Promise<Result<Input<K>>>,
  operation: Operation,
) => Response | Promise<Response>

type AnyEndpoint = (c: HttpContext, read: unknown, operation: Operation) => Response | Promise<Response>

/** The routes of the API. Each operation has one endpoint; the compiler misses those that are forgotten. */
export function apiRoutes(compile: CompileSchema, endpoints: { [K in OperationName]: Endpoint<K> }): Route[] {
  return Object.entries(OPERATIONS).map(([name, operation]) => {
    const [method, path] = name.split(' ') as [Method, string]
    const read = reader(compile, operation)
    const endpoint = endpoints[name as OperationName] as AnyEndpoint
    return { method, path, operation, handler: (c) => endpoint(c, () => read(c), operation) }
  })
}

/** A page or file. */
export function page(path: string, handler: Handler): Route {
  return { method: 'GET', path, handler, operation: null }
}

/** What the visitor of the session in the path may ask: who it is comes first, then what is asked, then the deed. */
export function forSession<K extends OperationName>(
  parts: HttpParts,
  run: (session: VisitorSession, input: Input<K>, c: HttpContext) => Answer<K> | Promise<Answer<K>>,
): Endpoint<K> {
  return async (c, read) => {
    const session = await authenticate(c, parts)
    if (!session.ok) return answer(c, session)
    const input = await read()
    return answer(c, input.ok ? await run(session.data, input.data, c) : input)
  }
}

/** What the server of a client may ask, by a secret key: who it is comes first, then what is asked, then the deed. */
export function forServer<K extends OperationName>(
  parts: HttpParts,
  run: (client: Client, input: Input<K>, c: HttpContext) => Answer<K> | Promise<Answer<K>>,
): Endpoint<K> {
  return async (c, read) => {
    const client = await authenticateServer(c, parts)
    if (!client.ok) return answer(c, client)
    const input = await read()
    return answer(c, input.ok ? await run(client.data, input.data, c) : input)
  }
}

/** What an endpoint comes to. */
export type Answer<K extends OperationName> = Result<DataOf<OperationOf<K>>>

function reader(
  compile: CompileSchema,
  { query, body }: Operation,
): (c: HttpContext) => Promise<Result<{ query: unknown; body: unknown }>> {
  const checkQuery = query === undefined ? null : compile(query.schema)
  const checkBody = body === undefined ? null : compile(body.schema)
  return async (c) => {
    const asked = checkQuery === null || query === undefined ? null : checkQuery(readQuery(c, query.schema))
    if (asked?.ok === false) return asked
    const json = checkBody === null ? null : await readJson(c, body?.bytes)
    const told = checkBody === null || json?.ok !== true ? json : checkBody(json.data)
    if (told?.ok === false) return told
    return succeed({ query: asked?.data, body: told?.data })
  }
}
