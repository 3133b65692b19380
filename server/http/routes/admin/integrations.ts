import type { IntegrationChanged, IntegrationTold } from '../../../../protocol/integration-keeping.ts'
import type { INTEGRATION_OPERATIONS } from '../../../../protocol/operations/admin/integrations.ts'
import { succeed, type Result } from '../../../../protocol/result.ts'
import type { Endpoint } from '../../endpoint.ts'
import { forAdmin, forClientAdmin, idIn } from '../../for-admin.ts'
import type { HttpContext, HttpParts } from '../../http-env.ts'
import { listCalls, testConnection, tryFunction } from './integration-trials.ts'
import { presentIntegration, presentType } from './present-integration.ts'

type Path = '/api/admin/clients/:client_id/integrations'
type One = `${Path}/:integration_id`

/** The systems of clients whose live data models ask for. */
export function integrationEndpoints(parts: HttpParts): {
  [K in keyof typeof INTEGRATION_OPERATIONS]: Endpoint<K>
} {
  return {
    'GET /api/admin/integration-types': listTypes(parts),
    'GET /api/admin/clients/:client_id/integrations': list(parts),
    'POST /api/admin/clients/:client_id/integrations': connect(parts),
    'GET /api/admin/clients/:client_id/integrations/:integration_id': read(parts),
    'PATCH /api/admin/clients/:client_id/integrations/:integration_id': change(parts),
    'PUT /api/admin/clients/:client_id/integrations/:integration_id/credentials': enter(parts),
    'POST /api/admin/clients/:client_id/integrations/:integration_id/test': testConnection(parts),
    'PUT /api/admin/clients/:client_id/integrations/:integration_id/endpoints/:endpoint_name':
      saveEndpoint(parts),
    'POST /api/admin/clients/:client_id/integrations/:integration_id/try': tryFunction(parts),
    'GET /api/admin/clients/:client_id/integrations/:integration_id/calls': listCalls(parts),
    'DELETE /api/admin/clients/:client_id/integrations/:integration_id/endpoints/:endpoint_name':
      removeEndpoint(parts),
    'DELETE /api/admin/clients/:client_id/integrations/:integration_id': remove(parts),
  }
}

function listTypes(parts: HttpParts): Endpoint<'GET /api/admin/integration-types'> {
  const { kinds } = parts.desks.integrations
  return forAdmin(parts, () => succeed({ types: [...kinds.values()].map(presentType) }))
}

function list(parts: HttpParts): Endpoint<`GET ${Path}`> {
  const { integrations } = parts.desks.integrations
  return forClientAdmin(parts, async ({ client_id: id }) => {
    const listed = await integrations.list({ id })
    if (!listed.ok) return listed
    return succeed({ integrations: listed.data.map((one) => presentIntegration(integrations, one)) })
  })
}

function connect(parts: HttpParts): Endpoint<`POST ${Path}`> {
  return forClientAdmin(parts, async ({ client_id: id, by }, { body }) => {
    const made = await parts.desks.integrations.integrations.create({ id }, body, by)
    return made.ok ? told(parts, id, { id: made.data.id }) : made
  })
}

function read(parts: HttpParts): Endpoint<`GET ${One}`> {
  return forClientAdmin(parts, ({ client_id }, _input, c) => told(parts, client_id, integrationIn(c)))
}

function change(parts: HttpParts): Endpoint<`PATCH ${One}`> {
  const { integrations } = parts.desks.integrations
  return forClientAdmin(
    parts,
    async ({ client_id: id, by }, { body }, c): Promise<Result<IntegrationChanged>> => {
      const changed = await integrations.change({ id }, integrationIn(c), body, by)
      if (!changed.ok) return changed
      const now = await told(parts, id, integrationIn(c))
      return now.ok ? succeed({ ...now.data, must_enter: changed.data.mustEnter }) : now
    },
  )
}

function enter(parts: HttpParts): Endpoint<`PUT ${One}/credentials`> {
  const { integrations } = parts.desks.integrations
  return forClientAdmin(parts, async ({ client_id: id, by }, { body }, c) => {
    const entered = await integrations.enter({ id }, integrationIn(c), body, by)
    return entered.ok ? told(parts, id, integrationIn(c)) : entered
  })
}

function remove(parts: HttpParts): Endpoint<`DELETE ${One}`> {
  const { integrations } = parts.desks.integrations
  return forClientAdmin(parts, async ({ client_id: id, by }, _input, c) => {
    const removed = await integrations.remove({ id }, integrationIn(c), by)
    return removed.ok ? succeed(integrationIn(c)) : removed
  })
}

function saveEndpoint(parts: HttpParts): Endpoint<`PUT ${One}/endpoints/:endpoint_name`> {
  const { endpoints } = parts.desks.integrations
  return forClientAdmin(parts, async ({ client_id: id, by }, { body }, c) => {
    const saved = await endpoints.save({ id }, integrationIn(c), { name: endpointIn(c), ...body }, by)
    return saved.ok ? told(parts, id, integrationIn(c)) : saved
  })
}

function removeEndpoint(parts: HttpParts): Endpoint<`DELETE ${One}/endpoints/:endpoint_name`> {
  const { endpoints } = parts.desks.integrations
  return forClientAdmin(parts, async ({ client_id: id, by }, _input, c) => {
    const removed = await endpoints.remove({ id }, integrationIn(c), endpointIn(c), by)
    return removed.ok ? told(parts, id, integrationIn(c)) : removed
  })
}

/** The integration that the path names. */
export function integrationIn(c: HttpContext): { id: string } {
  return { id: idIn(c, 'integration_id') }
}

function endpointIn(c: HttpContext): string {
  return c.req.param('endpoint_name') ?? ''
}

/** As it is now. */
async function told(
  { desks }: HttpParts,
  clientId: string,
  integration: { id: string },
): Promise<Result<IntegrationTold>> {
  const { integrations } = desks.integrations
  const found = await integrations.find({ id: clientId }, integration)
  return found.ok ? succeed({ integration: presentIntegration(integrations, found.data) }) : found
}
