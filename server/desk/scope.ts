import { refuse, succeed, type Result } from '../../protocol/result.ts'

/**
 * Whose things are meant: of one client, or of all where it is null. `own` is the client of who asks, null for the
 * installation's people; `asked` narrows. Another client's are `not_found`.
 */
export function scopeOf(own: string | null, asked: string | undefined): Result<string | null> {
  const wanted = asked?.toLowerCase() ?? null
  if (own !== null && wanted !== null && wanted !== own) return refuse('not_found')
  return succeed(own ?? wanted)
}
