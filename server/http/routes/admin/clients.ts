import type { ClientAccount, ClientTold } from '../../../../protocol/clients.ts'
import { refuse, succeed, type Result } from '../../../../protocol/result.ts'
import * as clients from '../../../clients/list-clients.ts'
import type { Endpoint } from '../../endpoint.ts'
import { forAdmin, forClientAdmin } from '../../for-admin.ts'
import type { HttpParts } from '../../http-env.ts'

export function listClients(parts: HttpParts): Endpoint<'GET /api/admin/clients'> {
  return forAdmin(parts, async ({ person }, { query }) => {
    const page = await clients.listClients(parts.database, person.client_id, query)
    return succeed({ ...page, clients: page.clients.map(present) })
  })
}

export function createClient(parts: HttpParts): Endpoint<'POST /api/admin/clients'> {
  return forAdmin(parts, async ({ by }, { body }) => told(await parts.clients.create(body, by)))
}

export function readClient(parts: HttpParts): Endpoint<'GET /api/admin/clients/:client_id'> {
  return forClientAdmin(parts, async ({ client_id }) => {
    const client = await clients.readClient(parts.database, client_id)
    return client === null ? refuse('not_found') : succeed({ client: present(client) })
  })
}

export function changeClient(parts: HttpParts): Endpoint<'PATCH /api/admin/clients/:client_id'> {
  return forClientAdmin(parts, async ({ client_id: id, by }, { body }) =>
    told(await parts.clients.change({ id }, body, by)),
  )
}

export function activateClient(parts: HttpParts): Endpoint<'POST /api/admin/clients/:client_id/activate'> {
  return forClientAdmin(parts, async ({ client_id: id, by }) =>
    told(await parts.clients.setActive({ id }, true, by)),
  )
}

export function deactivateClient(
  parts: HttpParts,
): Endpoint<'POST /api/admin/clients/:client_id/deactivate'> {
  return forClientAdmin(parts, async ({ client_id: id, by }) =>
    told(await parts.clients.setActive({ id }, false, by)),
  )
}

export function rotateClientKey(parts: HttpParts): Endpoint<'POST /api/admin/clients/:client_id/rotate-key'> {
  return forClientAdmin(parts, async ({ client_id: id, by }) =>
    told(await parts.clients.rotateKey({ id }, by)),
  )
}

function told(client: Result<clients.KeptAccount>): Result<ClientTold> {
  return client.ok ? succeed({ client: present(client.data) }) : client
}

function present(kept: clients.KeptAccount): ClientAccount {
  const { id, name, domain, api_key, status, plan_type } = kept
  const { allowed_origins, locale, identity_required, created_at } = kept
  return {
    ...{ id, name, domain, api_key, status, plan_type },
    ...{ allowed_origins, locale, identity_required },
    created_at: created_at.toISOString(),
  }
}
