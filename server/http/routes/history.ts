import { HistoryQuery } from '../../../protocol/rest.ts'
import { succeed } from '../../../protocol/result.ts'
import { answer } from '../answer.ts'
import type { Handler, HttpContext, HttpParts } from '../http-env.ts'
import { authenticate } from '../speaker.ts'

/** A page of the session's messages, where sockets are blocked. */
export function history(parts: HttpParts): Handler {
  const validate = parts.compile(HistoryQuery)
  return async (c) => {
    const session = await authenticate(c, parts)
    if (!session.ok) return answer(c, session)
    const query = validate(readQuery(c))
    if (!query.ok) return answer(c, query)
    return answer(c, succeed(await parts.conversations.history(session.data, query.data)))
  }
}

/** Whole numbers as numbers; anything else as it is, for the schema to refuse. */
function readQuery(c: HttpContext): Record<string, string | number> {
  const entries = Object.entries(c.req.query())
  return Object.fromEntries(
    entries.map(([name, value]) => [name, /^\d{1,10}$/.test(value) ? Number(value) : value]),
  )
}
