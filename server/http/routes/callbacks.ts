import { RATES } from '../../../protocol/limits.ts'
import { refuse } from '../../../protocol/result.ts'
import { CALLBACK_BYTES } from '../../../protocol/tools.ts'
import { answer } from '../answer.ts'
import { addressGroup } from '../client-address.ts'
import type { Endpoint } from '../endpoint.ts'
import type { HttpParts } from '../http-env.ts'
import { readBody } from '../read-body.ts'

/** A workflow brings the result of a call that it had answered before. What it signed are the bytes of the body. */
export function bringResult(parts: HttpParts): Endpoint<'POST /api/v1/callbacks/:callback_id'> {
  return async (c) => {
    const address = addressGroup(c.get('address'))
    const allowance = await parts.limits.take(`callbacks:${address}`, RATES.addressCallbacks)
    if (!allowance.allowed) return answer(c, refuse('rate_limited', undefined, allowance.retryAfterMs))
    const body = await readBody(c, CALLBACK_BYTES)
    if (!body.ok) return answer(c, body)
    const headers = {
      id: c.req.header('webhook-id'),
      timestamp: c.req.header('webhook-timestamp'),
      signature: c.req.header('webhook-signature'),
    }
    const id = c.req.param('callback_id') ?? ''
    return answer(c, await parts.callbacks.receive({ id, headers, body: body.data }))
  }
}
