import type { Transaction } from 'sequelize'
import { SYSTEM, type Actor } from '../../models/actor.ts'
import type { ClientIntegration } from '../../models/client-integration.ts'
import type { ClientName } from '../../models/client.ts'
import { INTEGRATION_LIMITS, IntegrationChanges, NewIntegration } from '../../protocol/integrations.ts'
import { refuse, succeed, type Result } from '../../protocol/result.ts'
import type { Database } from '../infra/database.ts'
import type { IntegrationFunction, IntegrationKind } from './kind.ts'
import {
  auditEntry,
  findIntegration,
  nameFault,
  noIntegration,
  NO_CLIENT,
  type FoundIntegration,
  type IntegrationKeeping,
  type IntegrationName,
  type IntegrationPlace,
  type KeptModels,
} from './keeping.ts'
import { credentialsIfAny, credentialsPlace } from './open-integration.ts'
import { readEndpoint } from './stored-endpoint.ts'

/** What systems a client has connected, as its keepers see them. Each change is in the audit log, and holds within 5 s. */
export interface Integrations {
  /** By name, with their endpoints. `not_found` where there is no such client. */
  list(client: ClientName): Promise<Result<ClientIntegration[]>>
  /** One of them. */
  find(client: ClientName, integration: IntegrationName): Promise<Result<ClientIntegration>>
  /** What models may ask of one that was listed. */
  functionsOf(listed: ClientIntegration): readonly IntegrationFunction[]
  /** Connects a system. Refused: `not_found`, or `invalid_payload` with what is wrong. */
  create(client: ClientName, given: unknown, by?: Actor): Promise<Result<ClientIntegration>>
  /**
   * Changes how it is connected, or whether it is used. `mustEnter`: the credentials were those of somebody else, or do
   * not fit any more, and are forgotten. Refused as in `create`.
   */
  change(
    client: ClientName,
    integration: IntegrationName,
    changes: unknown,
    by?: Actor,
  ): Promise<Result<{ mustEnter: boolean }>>
  /** Keeps its credentials sealed, in the place of earlier ones. Refused as in `create`. */
  enter(
    client: ClientName,
    integration: IntegrationName,
    credentials: unknown,
    by?: Actor,
  ): Promise<Result<null>>
  /** Takes it away with all its functions. */
  remove(client: ClientName, integration: IntegrationName, by?: Actor): Promise<Result<null>>
}

/** Works on `models`, which are bound to `database`. */
export function createIntegrations(
  database: Pick<Database, 'transaction'>,
  models: KeptModels,
  keeping: IntegrationKeeping,
): Integrations {
  const { Client, ClientIntegration, AuditEntry } = models
  const { kinds, compile, secrets, mask } = keeping
  const readNew = compile(NewIntegration)
  const readChanges = compile(IntegrationChanges)
  return {
    async list(name) {
      const client = await Client.findOne({ where: name })
      if (client === null) return refuse('not_found', NO_CLIENT)
      const order: [string, string][] = [['name', 'ASC']]
      const where = { client_id: client.id }
      return succeed(await ClientIntegration.findAll({ where, include: 'endpoints', order }))
    },

    async find(name, integration) {
      const client = await Client.findOne({ where: name })
      const where = client && { client_id: client.id, ...integration }
      const found = where && (await ClientIntegration.findOne({ where, include: 'endpoints' }))
      return found ? succeed(found) : refuse('not_found', noIntegration(integration))
    },

    functionsOf({ integration_type, connection_config, endpoints = [] }) {
      return kinds.get(integration_type)?.functions(connection_config, endpoints.map(readEndpoint)) ?? []
    },

    create(clientName, given, by = SYSTEM) {
      const read = readNew(given)
      if (!read.ok) return Promise.resolve(read)
      const { name, type, config } = read.data
      const kind = kinds.get(type)
      if (!kind) return Promise.resolve(refuse('invalid_payload', `The type ${type} is not known here.`))
      const judged = readConfig(kind, config)
      if (!judged.ok) return Promise.resolve(judged)
      return database.transaction(async (transaction) => {
        const lock = transaction.LOCK.NO_KEY_UPDATE
        const client = await Client.findOne({ where: clientName, transaction, lock })
        if (client === null) return refuse('not_found', NO_CLIENT)
        const client_id = client.id
        const planned = { name, kind, config, endpoints: [] }
        const refused =
          (await refusedAnew(client_id, name, transaction)) ??
          (await nameFault({ client_id, planned }, keeping, models, transaction))
        if (refused !== null) return refuse('invalid_payload', refused)
        const values = { client_id, name, integration_type: type, connection_config: config }
        const made = await ClientIntegration.create(values, { transaction })
        const details = { name, type, config: mask(config) }
        await AuditEntry.record(auditEntry(by, 'created', client, details), { transaction })
        return succeed(made)
      })
    },

    change(clientName, integrationName, changes, by = SYSTEM) {
      const read = readChanges(changes)
      if (!read.ok) return Promise.resolve(read)
      const { config, enabled } = read.data
      return within({ client: clientName, integration: integrationName }, async (found, transaction) => {
        const { client, integration } = found
        const { name } = integration
        const reconnected =
          config === undefined ? succeed(false) : await reconnect(found, config, transaction)
        if (!reconnected.ok) return reconnected
        if (enabled !== undefined) await integration.update({ enabled }, { transaction })
        const mustEnter = reconnected.data
        const details = { name, config: mask(config), enabled, mustEnter }
        await AuditEntry.record(auditEntry(by, 'changed', client, details), { transaction })
        return succeed({ mustEnter })
      })
    },

    enter: (clientName, integrationName, credentials, by = SYSTEM) =>
      within({ client: clientName, integration: integrationName }, async (found, transaction) => {
        const { client, integration, kind } = found
        const { name } = integration
        const read = compile(kind.credentials)(credentials)
        if (!read.ok) return read
        const isLong = JSON.stringify(credentials).length > INTEGRATION_LIMITS.credentials
        const fault = isLong ? 'They are too long.' : kind.faultOf(integration.connection_config, credentials)
        if (fault !== null) return refuse('invalid_payload', fault)
        const sealed = secrets.seal(JSON.stringify(credentials), credentialsPlace(integration.id))
        await integration.reconnect({ credentials: sealed }, { transaction })
        await AuditEntry.record(auditEntry(by, 'credentials_entered', client, { name }), { transaction })
        return succeed(null)
      }),

    remove: (clientName, integrationName, by = SYSTEM) =>
      within({ client: clientName, integration: integrationName }, async (found, transaction) => {
        const { client, integration } = found
        const { name } = integration
        await integration.destroy({ transaction })
        await AuditEntry.record(auditEntry(by, 'removed', client, { name }), { transaction })
        return succeed(null)
      }),
  }

  function within<T>(
    place: IntegrationPlace,
    work: (found: FoundIntegration, transaction: Transaction) => Promise<Result<T>>,
  ): Promise<Result<T>> {
    return database.transaction(async (transaction) => {
      const found = await findIntegration(models, kinds, place, transaction)
      return found.ok ? work(found.data, transaction) : found
    })
  }

  function readConfig(kind: IntegrationKind, config: Record<string, unknown>): Result<unknown> {
    const read = compile(kind.config)(config)
    if (!read.ok) return read
    const isLong = JSON.stringify(config).length > INTEGRATION_LIMITS.config
    const fault = isLong ? 'The configuration is too long.' : kind.faultOf(config, null)
    return fault === null ? succeed(null) : refuse('invalid_payload', fault)
  }

  /** Whether its credentials had to be forgotten. */
  async function reconnect(
    { client, integration, kind }: FoundIntegration,
    config: Record<string, unknown>,
    transaction: Transaction,
  ): Promise<Result<boolean>> {
    const read = readConfig(kind, config)
    if (!read.ok) return read
    const where = { integration_id: integration.id }
    const stored = await models.IntegrationEndpoint.findAll({ where, transaction })
    const endpoints = stored.map(readEndpoint)
    for (const endpoint of endpoints) {
      const fault = kind.endpoints?.faultOf(endpoint, config) ?? null
      if (fault !== null) return refuse('invalid_payload', `${endpoint.name}: ${fault}`)
    }
    const planned = { name: integration.name, kind, config, endpoints }
    const clash = await nameFault({ client_id: client.id, planned }, keeping, models, transaction)
    if (clash !== null) return refuse('invalid_payload', clash)
    const forgets = integration.credentials !== null && !mayKeep({ integration, kind }, config)
    const values = { connection_config: config, ...(forgets && { credentials: null }) }
    await integration.reconnect(values, { transaction })
    return succeed(forgets)
  }

  /** What was entered for one is never told to another. */
  function mayKeep(
    { integration, kind }: Pick<FoundIntegration, 'integration' | 'kind'>,
    config: Record<string, unknown>,
  ): boolean {
    if (kind.homeOf(config) !== kind.homeOf(integration.connection_config)) return false
    const credentials = credentialsIfAny(integration, secrets)
    return credentials !== null && kind.faultOf(config, credentials) === null
  }

  async function refusedAnew(
    client_id: string,
    name: string,
    transaction: Transaction,
  ): Promise<string | null> {
    const there = await ClientIntegration.findAll({ where: { client_id }, transaction })
    if (there.some((one) => one.name === name)) return `The client has an integration "${name}".`
    const most = INTEGRATION_LIMITS.perClient
    return there.length >= most ? `A client has ${String(most)} integrations at most.` : null
  }
}
