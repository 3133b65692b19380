import assert from 'node:assert/strict'
import type { Connection, Fetched, Failure, IntegrationKind } from '../../../server/integrations/kind.ts'
import { compileSchema, type CheckArguments } from '../../../server/tools/catalogue/check-arguments.ts'

const { signal } = new AbortController()

/** Compiling costs milliseconds, and functions are the same for all tests. */
const checks = new WeakMap<object, CheckArguments>()

/** Asks a function of a kind as its surroundings do: only with arguments that its schema lets through. */
export async function askKind<Config, Credentials>(
  kind: IntegrationKind<Config, Credentials, never>,
  connection: Connection<Config, Credentials>,
  asked: { name: string; given: Record<string, unknown>; user?: string | null; timeLeft?: number },
): Promise<Fetched | string> {
  const fn = kind.functions(connection.config, []).find(({ name }) => name === asked.name)
  if (!fn) return 'no such function'
  const check = checks.get(fn.parameters) ?? compileSchema(fn.parameters)
  checks.set(fn.parameters, check)
  const fault = check(asked.given)
  if (fault !== null) return fault
  const { given, user = null, timeLeft = 10_000 } = asked
  return kind.fetch(connection, { fn, given, user, key: 'c.1.0.0', timeLeft }, signal)
}

/** What shops tell, as far as tests look into it. */
export interface Told {
  [name: string]: unknown
  products: { product: string; name: string; price?: unknown }[]
  variants: { sku: string }[]
  orders: { order: string }[]
  text: string
  next?: string
}

export function dataOf(fetched: Fetched | string): Told {
  if (typeof fetched === 'string') assert.fail(fetched)
  if (!fetched.ok) assert.fail(`${fetched.problem}: ${fetched.message}`)
  return fetched.data as Told
}

/** Why the arguments were not let through. */
export function faultIn(fetched: Fetched | string): string {
  return typeof fetched === 'string' ? fetched : assert.fail(JSON.stringify(fetched))
}

export function failureIn(fetched: Fetched | string): Failure {
  if (typeof fetched === 'string') assert.fail(fetched)
  if (fetched.ok) assert.fail(JSON.stringify(fetched.data))
  return fetched
}
