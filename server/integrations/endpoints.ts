import { SYSTEM, type Actor } from '../../models/actor.ts'
import type { ClientName } from '../../models/client.ts'
import { INTEGRATION_LIMITS, SavedEndpoint } from '../../protocol/integrations.ts'
import { refuse, succeed, type Result } from '../../protocol/result.ts'
import type { Database } from '../infra/database.ts'
import {
  auditEntry,
  findIntegration,
  nameFault,
  type IntegrationKeeping,
  type IntegrationName,
  type KeptModels,
} from './keeping.ts'
import type { IntegrationKind } from './kind.ts'
import { readEndpoint, storeEndpoint } from './stored-endpoint.ts'

/** What integrations can be asked, as their keepers define it. Each change is in the audit log, and holds within 5 s. */
export interface Endpoints {
  /**
   * Defines a function, or changes the one of its name. Refused: `not_found`, or `invalid_payload` with what is wrong.
   */
  save(
    client: ClientName,
    integration: IntegrationName,
    given: unknown,
    by?: Actor,
  ): Promise<Result<{ isNew: boolean }>>
  /** Takes one away. */
  remove(client: ClientName, integration: IntegrationName, name: string, by?: Actor): Promise<Result<null>>
}

/** Works on `models`, which are bound to `database`. */
export function createEndpoints(
  database: Pick<Database, 'transaction'>,
  models: KeptModels,
  keeping: IntegrationKeeping,
): Endpoints {
  const { IntegrationEndpoint, AuditEntry } = models
  const { kinds, compile, checkParameters, mask } = keeping
  const readSaved = compile(SavedEndpoint)
  return {
    save(clientName, integrationName, given, by = SYSTEM) {
      const read = readSaved(given)
      if (!read.ok) return Promise.resolve(read)
      const checked = checkParameters(read.data.parameters)
      if (!checked.ok) {
        const { path, problem } = checked
        return Promise.resolve(refuse('invalid_payload', `parameters${path} ${problem}.`))
      }
      const values = storeEndpoint(read.data, checked.schema)
      return database.transaction(async (transaction) => {
        const place = { client: clientName, integration: integrationName }
        const found = await findIntegration(models, kinds, place, transaction)
        if (!found.ok) return found
        const { client, integration, kind } = found.data
        const { id: integration_id, name, connection_config: config } = integration
        const stored = await IntegrationEndpoint.findAll({ where: { integration_id }, transaction })
        const before = stored.find(({ endpoint_name }) => endpoint_name === values.endpoint_name)
        const fault = faultOf(kind, config, read.data, checked.schema) ?? tooMany(stored.length, !before)
        if (fault !== null) return refuse('invalid_payload', fault)
        const others = stored.filter((one) => one !== before).map(readEndpoint)
        const planned = { name, kind, config, endpoints: [...others, readEndpoint(values)] }
        const clash = await nameFault({ client_id: client.id, planned }, keeping, models, transaction)
        if (clash !== null) return refuse('invalid_payload', clash)
        await (before?.update(values, { transaction }) ??
          IntegrationEndpoint.create({ integration_id, ...values }, { transaction }))
        await integration.raiseVersion({ transaction })
        const details = { name, endpoint: mask(values) }
        await AuditEntry.record(auditEntry(by, 'endpoint_saved', client, details), { transaction })
        return succeed({ isNew: before === undefined })
      })
    },

    remove: (clientName, integrationName, endpoint_name, by = SYSTEM) =>
      database.transaction(async (transaction) => {
        const place = { client: clientName, integration: integrationName }
        const found = await findIntegration(models, kinds, place, transaction)
        if (!found.ok) return found
        const { client, integration } = found.data
        const { name } = integration
        const where = { integration_id: integration.id, endpoint_name }
        const removed = await IntegrationEndpoint.destroy({ where, transaction })
        if (removed === 0) return refuse('not_found', `"${name}" has no endpoint "${endpoint_name}".`)
        await integration.raiseVersion({ transaction })
        const details = { name, endpoint_name }
        await AuditEntry.record(auditEntry(by, 'endpoint_removed', client, details), { transaction })
        return succeed(null)
      }),
  }

  function faultOf(
    { type, endpoints }: IntegrationKind,
    config: unknown,
    saved: SavedEndpoint,
    parameters: Record<string, unknown>,
  ): string | null {
    if (endpoints === null) return `A ${type} brings all its functions itself.`
    const read = compile(endpoints.request)(saved.request)
    if (!read.ok) return `request: ${read.error.message}`
    const most = INTEGRATION_LIMITS.request
    if (JSON.stringify(saved.request).length > most)
      return `request is longer than ${String(most)} characters.`
    return endpoints.faultOf(readEndpoint(storeEndpoint(saved, parameters)), config)
  }
}

function tooMany(there: number, isNew: boolean): string | null {
  const most = INTEGRATION_LIMITS.endpoints
  return isNew && there >= most ? `An integration has ${String(most)} endpoints at most.` : null
}
