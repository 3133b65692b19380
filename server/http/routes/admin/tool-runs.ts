import { succeed } from '../../../../protocol/result.ts'
import type { ToolExecutionRow, ToolTrial } from '../../../../protocol/tool-runs.ts'
import { listExecutions, type LoggedExecution } from '../../../tools/list-executions.ts'
import type { KeptTrial } from '../../../tools/trials/kept-trials.ts'
import type { Endpoint } from '../../endpoint.ts'
import { forClientAdmin } from '../../for-admin.ts'
import type { HttpParts } from '../../http-env.ts'
import { toolIn } from './catalogue.ts'

type Path = '/api/admin/clients/:client_id'

export function runTrial(parts: HttpParts): Endpoint<`POST ${Path}/tools/:tool_id/test`> {
  return forClientAdmin(parts, async ({ client_id: id, by }, { body }, c) => {
    const asked = { client: { id }, tool: toolIn(c), given: body.arguments, user: body.user_id ?? null, by }
    const tried = await parts.desks.tools.trials.run(asked, c.req.raw.signal)
    return tried.ok ? succeed({ trial: presentTrial(tried.data) }) : tried
  })
}

export function listTrials(parts: HttpParts): Endpoint<`GET ${Path}/tools/:tool_id/tests`> {
  return forClientAdmin(parts, async ({ client_id: id }, _input, c) => {
    const listed = await parts.desks.tools.trials.list({ id }, toolIn(c))
    return listed.ok ? succeed({ trials: listed.data.map(presentTrial) }) : listed
  })
}

export function listRuns(parts: HttpParts): Endpoint<`GET ${Path}/tool-executions`> {
  return forClientAdmin(parts, async ({ client_id }, { query }) => {
    const page = await listExecutions(parts.database, client_id, query)
    return succeed({ ...page, executions: page.executions.map(presentExecution) })
  })
}

function presentTrial({ parameters, success, at, ...trial }: KeptTrial): ToolTrial {
  return { ...trial, arguments: parameters, ok: success, at: at.toISOString() }
}

function presentExecution(logged: LoggedExecution): ToolExecutionRow {
  const { parameters, timestamp, late_response: result, late_at, ...execution } = logged
  const late = late_at === null ? {} : { late: { result, at: late_at.toISOString() } }
  return { ...execution, arguments: parameters, at: timestamp.toISOString(), ...late }
}
