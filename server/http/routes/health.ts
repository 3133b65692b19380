import type { Readiness } from '../../../protocol/rest.ts'
import { succeed } from '../../../protocol/result.ts'
import { DatabaseUnavailable } from '../../infra/database.ts'
import { answer, fail } from '../answer.ts'
import type { Endpoint } from '../endpoint.ts'
import type { HttpParts } from '../http-env.ts'

/** The process lives. It asks nobody else. */
export function health({ engine, worker, version }: HttpParts): Endpoint<'GET /healthz'> {
  const { kind, fallbackReason } = engine
  const told = {
    ...(fallbackReason === undefined ? {} : { engine_fallback: fallbackReason }),
    ...(worker === undefined ? {} : { worker }),
  }
  return (c) => answer(c, succeed({ status: 'ok', engine: kind, ...told, version }))
}

/** New visitors may be sent here: not while draining, nor without the database. Redis is done without, and told of. */
export function readiness(parts: HttpParts): Endpoint<'GET /readyz'> {
  return async (c) => {
    if (parts.draining()) return fail(c, 'draining')
    try {
      await parts.database.ping()
    } catch (error) {
      if (error instanceof DatabaseUnavailable) return fail(c, 'unavailable', 'The database does not answer.')
      throw error
    }
    return answer(c, succeed({ status: 'ready', ...(parts.redis && presenceOf(parts.redis)) }))
  }
}

function presenceOf({ isHere, awaySince }: NonNullable<HttpParts['redis']>): Omit<Readiness, 'status'> {
  const since = awaySince && { redis_away_since: awaySince.toISOString() }
  return { redis: isHere ? 'here' : 'away', ...since }
}
