import type {
  ClientToolRead,
  ClientToolRow,
  ClientToolTold,
  Signing,
} from '../../../../protocol/client-tools.ts'
import type { CLIENT_TOOL_OPERATIONS } from '../../../../protocol/operations/admin/client-tools.ts'
import { succeed, type Result } from '../../../../protocol/result.ts'
import type { ListedClientTool, SetClientTool, SigningState } from '../../../tools/catalogue/client-tools.ts'
import type { Endpoint } from '../../endpoint.ts'
import { forClientAdmin } from '../../for-admin.ts'
import type { HttpParts } from '../../http-env.ts'
import { presentTool, toolIn } from './catalogue.ts'
import { listRuns, listTrials, runTrial } from './tool-runs.ts'

type Path = '/api/admin/clients/:client_id'

/** What one client makes of the catalogue. */
export function clientToolEndpoints(parts: HttpParts): {
  [K in keyof typeof CLIENT_TOOL_OPERATIONS]: Endpoint<K>
} {
  return {
    'GET /api/admin/clients/:client_id/tools': list(parts),
    'POST /api/admin/clients/:client_id/tools': add(parts),
    'GET /api/admin/clients/:client_id/tools/:tool_id': read(parts),
    'PATCH /api/admin/clients/:client_id/tools/:tool_id': change(parts),
    'DELETE /api/admin/clients/:client_id/tools/:tool_id': remove(parts),
    'POST /api/admin/clients/:client_id/tools/:tool_id/test': runTrial(parts),
    'GET /api/admin/clients/:client_id/tools/:tool_id/tests': listTrials(parts),
    'POST /api/admin/clients/:client_id/webhook-secret/rotate': rotateSecret(parts),
    'GET /api/admin/clients/:client_id/tool-executions': listRuns(parts),
  }
}

function list(parts: HttpParts): Endpoint<`GET ${Path}/tools`> {
  return forClientAdmin(parts, async ({ client_id: id }) => {
    const listed = await parts.desks.tools.clientTools.list({ id })
    if (!listed.ok) return listed
    const { tools, signing } = listed.data
    return succeed({ tools: tools.map(presentRow), signing: presentSigning(signing) })
  })
}

function add(parts: HttpParts): Endpoint<`POST ${Path}/tools`> {
  return forClientAdmin(parts, async ({ client_id: id, by }, { body }) => {
    const { tool_id, ...changes } = body
    const tool = { id: tool_id.toLowerCase() }
    return told(await parts.desks.tools.clientTools.set({ id }, tool, changes, by))
  })
}

function read(parts: HttpParts): Endpoint<`GET ${Path}/tools/:tool_id`> {
  return forClientAdmin(parts, async ({ client_id: id }, _input, c) => {
    const found = await parts.desks.tools.clientTools.find({ id }, toolIn(c))
    return found.ok ? succeed(presentWhole(found.data)) : found
  })
}

function change(parts: HttpParts): Endpoint<`PATCH ${Path}/tools/:tool_id`> {
  return forClientAdmin(parts, async ({ client_id: id, by }, { body }, c) =>
    told(await parts.desks.tools.clientTools.change({ id }, toolIn(c), body, by)),
  )
}

function remove(parts: HttpParts): Endpoint<`DELETE ${Path}/tools/:tool_id`> {
  return forClientAdmin(parts, async ({ client_id: id, by }, _input, c) => {
    const removed = await parts.desks.tools.clientTools.remove({ id }, toolIn(c), by)
    return removed.ok ? succeed({ id: removed.data.tool.id }) : removed
  })
}

function rotateSecret(parts: HttpParts): Endpoint<`POST ${Path}/webhook-secret/rotate`> {
  return forClientAdmin(parts, async ({ client_id: id, by }) => {
    const issued = await parts.desks.tools.clientTools.issueSecret({ id }, by)
    if (!issued.ok) return issued
    const { secret, signing } = issued.data
    return succeed({ secret, signing: presentSigning(signing) })
  })
}

function told(set: Result<SetClientTool>): Result<ClientToolTold> {
  if (!set.ok) return set
  const { secret } = set.data
  return succeed({ ...presentWhole(set.data), ...(secret !== null && { secret }) })
}

function presentWhole(listed: ListedClientTool): ClientToolRead {
  const { custom_config } = listed.clientTool
  return { tool: { ...presentRow(listed), custom_config } }
}

function presentRow({ tool, clientTool }: ListedClientTool): ClientToolRow {
  const { enabled, n8n_webhook_url, policy, idempotent, label } = clientTool
  return { tool: presentTool(tool), enabled, n8n_webhook_url, policy, idempotent, label }
}

function presentSigning({ issued, previousUntil }: SigningState): Signing {
  return { issued, previous_until: previousUntil?.toISOString() ?? null }
}
