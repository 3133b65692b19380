import { createOutbound, type Outbound } from '../../../server/infra/outbound/index.ts'
import type { CustomApiConfig, CustomApiRequest } from '../../../server/integrations/custom-api/config.ts'
import { createCustomApi } from '../../../server/integrations/custom-api/index.ts'
import type { Asked, Connection, Endpoint, Fetched } from '../../../server/integrations/kind.ts'
import type { ReceivedCall, StandIn } from '../../support/stand-in-n8n.ts'

/** A function that asks `GET /orders`, changed. */
export function endpointOf(changes: Partial<Endpoint<CustomApiRequest>> = {}): Endpoint<CustomApiRequest> {
  return {
    ...{ name: 'orders', description: 'Tells of orders.', parameters: { type: 'object' }, label: null },
    ...{ policy: 'read', personal: false, returnsOthersWords: false, cacheFor: 0 },
    request: { method: 'GET', url: '/orders' },
    ...changes,
  }
}

/** An API of a client's own at a stand-in, asked past all that is made around kinds. */
export function apiAt(
  standIn: StandIn,
  config: Partial<CustomApiConfig>,
  credentials: unknown,
  changes: { now?: () => number; outbound?: Outbound } = {},
) {
  const parts = {
    ...{ outbound: createOutbound({ allow: [standIn.hostAndPort] }), allow: [standIn.hostAndPort] },
    ...{ now: () => performance.now(), ...changes },
  }
  const kind = createCustomApi(parts)
  const connection = {
    ...{ id: 'a', version: 1, credentials },
    config: { base_url: standIn.url, ...config },
  } as Connection<CustomApiConfig, never>
  return {
    kind,
    test: () => kind.test(connection, new AbortController().signal),
    ask(
      changes: Partial<Asked<CustomApiRequest>> & { endpoint?: Endpoint<CustomApiRequest> } = {},
      signal = new AbortController().signal,
    ): Promise<Fetched> {
      const { endpoint = endpointOf(), ...asked } = changes
      const fn = { ...endpoint, endpoint }
      return kind.fetch(
        connection,
        { fn, given: {}, user: null, key: 'k.1', timeLeft: 5_000, ...asked },
        signal,
      )
    },
  }
}

/** Answers only who sends this, and says 401 to all others. */
export function onlyFor(
  isRight: (call: ReceivedCall) => boolean,
  standIn: StandIn,
): Parameters<StandIn['on']>[1] {
  return (response) => {
    const call = standIn.calls.all.at(-1)
    const right = call !== undefined && isRight(call)
    response
      .writeHead(right ? 200 : 401, { 'content-type': 'application/json' })
      .end(right ? '{"orders":[1001]}' : '{"error":{"message":"who are you?"}}')
  }
}
