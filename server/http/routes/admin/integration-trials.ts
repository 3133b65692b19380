import type { IntegrationCall } from '../../../../models/integration-call.ts'
import type { IntegrationCallRow } from '../../../../protocol/integration-keeping.ts'
import { succeed } from '../../../../protocol/result.ts'
import { forPeople } from '../../../integrations/call-function.ts'
import type { Endpoint } from '../../endpoint.ts'
import { forClientAdmin } from '../../for-admin.ts'
import type { HttpParts } from '../../http-env.ts'
import { integrationIn } from './integrations.ts'

type One = '/api/admin/clients/:client_id/integrations/:integration_id'

export function testConnection(parts: HttpParts): Endpoint<`POST ${One}/test`> {
  const { trials } = parts.desks.integrations
  return forClientAdmin(parts, async ({ client_id: id }, _input, c) => {
    const tested = await trials.test({ id }, integrationIn(c), c.req.raw.signal)
    if (!tested.ok) return tested
    const { ok, message } = tested.data
    return succeed({ verdict: { ok, message, at: new Date().toISOString() } })
  })
}

export function tryFunction(parts: HttpParts): Endpoint<`POST ${One}/try`> {
  const { trials } = parts.desks.integrations
  return forClientAdmin(parts, async ({ client_id: id, by }, { body }, c) => {
    const { function: name, arguments: given, user_id: user = null } = body
    const began = performance.now()
    const asked = { function: name, given, user, by }
    const tried = await trials.ask({ id }, integrationIn(c), asked, c.req.raw.signal)
    if (!tried.ok) return tried
    const fetched = tried.data
    const execution_time_ms = Math.round(performance.now() - began)
    if (fetched.ok) return succeed({ ok: true, data: fetched.data, execution_time_ms })
    return succeed({ ok: false, problem: fetched.problem, message: forPeople(fetched), execution_time_ms })
  })
}

export function listCalls(parts: HttpParts): Endpoint<`GET ${One}/calls`> {
  const { trials } = parts.desks.integrations
  return forClientAdmin(parts, async ({ client_id: id }, _input, c) => {
    const calls = await trials.recent({ id }, integrationIn(c))
    return calls.ok ? succeed({ calls: calls.data.map(presentCall) }) : calls
  })
}

function presentCall(call: IntegrationCall): IntegrationCallRow {
  const { id, function_name, problem, message, cached, execution_time_ms, at } = call
  return {
    ...{ id, function: function_name, problem, message, cached, execution_time_ms },
    at: at.toISOString(),
  }
}
