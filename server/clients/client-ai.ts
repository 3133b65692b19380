import type { Transaction } from 'sequelize'
import { SYSTEM, type Actor } from '../../models/actor.ts'
import type { Client, ClientName } from '../../models/client.ts'
import type { Models } from '../../models/index.ts'
import { AiSettings } from '../../protocol/ai-settings.ts'
import { BusinessInfo, type BusinessChanges } from '../../protocol/client-ai.ts'
import { refuse, succeed, type Result } from '../../protocol/result.ts'
import type { Database } from '../infra/database.ts'
import type { CompileSchema } from '../infra/validate.ts'
import { createAiSettingsReader, type ReadAiSettings } from './read-ai-settings.ts'
import { createUsableReader } from './usable-settings.ts'

/**
 * New values; null takes a setting away. Of `parameters` and `handoff`, the parts that are named change and the others
 * stay. They are checked as a whole with what stays.
 */
export type AiChanges = { [Name in keyof AiSettings]?: unknown }

/** The AI of a client, and what it may tell of the business. */
export interface ClientAi extends ReadAiSettings {
  business: BusinessInfo
  /** `clients.business_info`, which may hold more. Unchecked. */
  business_info: unknown
}

/** The AI of clients, as their keepers see it. */
export interface ClientsAi {
  /** All clients, oldest first. */
  list(): Promise<Client[]>
  /** `not_found` where there is no such client. */
  read(name: ClientName): Promise<Result<ClientAi>>
  /**
   * Changes what is named and leaves the rest, in one transaction with an entry in the audit log that tells the values
   * before and after. What could not be used before is taken away. Refused: `not_found`, or `invalid_payload` with
   * the place. Turns that begin later heed it.
   */
  change(name: ClientName, changes: AiChanges, by?: Actor): Promise<Result<ClientAi>>
  /** Changes what is named of the facts that it may tell; null takes one away. Told in the audit log alike. */
  changeBusiness(name: ClientName, changes: BusinessChanges, by?: Actor): Promise<Result<ClientAi>>
}

/** Works on `models`, which are bound to `database`; `providers` are those that a client may name. */
export function createClientsAi(
  database: Pick<Database, 'transaction'>,
  { Client, AuditEntry }: Pick<Models, 'Client' | 'AuditEntry'>,
  { compile, providers }: { compile: CompileSchema; providers: readonly string[] },
): ClientsAi {
  const readSettings = createAiSettingsReader(compile)
  const readBusiness = createUsableReader(compile, BusinessInfo)
  const check = compile(AiSettings)

  return {
    list: () => Client.findAll({ order: ['created_at', 'api_key'] }),

    async read(name) {
      const client = await Client.findOne({ where: name })
      return client === null ? refuse('not_found', UNKNOWN) : succeed(read(client))
    },

    change: (name, changes, by = SYSTEM) =>
      alter(name, async (client, transaction) => {
        const before = read(client).settings
        const after = check(withChanges(before, changes))
        if (!after.ok) return after
        const unknown = providersOf(after.data).find((provider) => !providers.includes(provider))
        if (unknown !== undefined) return refuse('invalid_payload', unknownProvider(unknown, providers))
        await client.update(columnsOf(after.data, client), { transaction })
        const details = difference(Object.keys(changes), before, after.data)
        const entry = { ...by, client_id: client.id, action: 'client.ai_changed', details }
        await AuditEntry.record(entry, { transaction })
        return succeed(read(client))
      }),

    changeBusiness: (name, changes, by = SYSTEM) =>
      alter(name, async (client, transaction) => {
        const before = client.business_info
        const after = withoutNulls({ ...before, ...changes })
        await client.update({ business_info: after }, { transaction })
        const details = difference(Object.keys(changes), before, after)
        const entry = { ...by, client_id: client.id, action: 'client.business_changed', details }
        await AuditEntry.record(entry, { transaction })
        return succeed(read(client))
      }),
  }

  /** Works on a client whose row is locked. */
  function alter(
    where: ClientName,
    work: (client: Client, transaction: Transaction) => Promise<Result<ClientAi>>,
  ): Promise<Result<ClientAi>> {
    return database.transaction(async (transaction) => {
      const client = await Client.findOne({ where, transaction, lock: transaction.LOCK.UPDATE })
      return client === null ? refuse('not_found', UNKNOWN) : work(client, transaction)
    })
  }

  function read({ provider, model, settings, business_info }: Client): ClientAi {
    const kept = readSettings({ provider, model, ai: settings['ai'] })
    return { ...kept, business: readBusiness(business_info), business_info }
  }
}

const UNKNOWN = 'There is no such client.'

function unknownProvider(name: string, providers: readonly string[]): string {
  return `There is no provider "${name}", only ${providers.join(', ')}.`
}

function withChanges(before: AiSettings, changes: AiChanges): Record<string, unknown> {
  const merged = IN_PARTS.map((name) => [name, withParts(before[name], changes[name])] as const)
  return withoutNulls({ ...before, ...changes, ...withoutNulls(Object.fromEntries(merged)) })
}

/** Settings of which a change may name some parts only. */
const IN_PARTS = ['parameters', 'handoff'] as const

/** Null: no parts are named. */
function withParts(before: object | undefined, named: unknown): Record<string, unknown> | null {
  return typeof named === 'object' && named !== null ? withoutNulls({ ...before, ...named }) : null
}

function withoutNulls(values: object): Record<string, unknown> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== null))
}

function providersOf({ provider, fallbacks = [] }: AiSettings): string[] {
  return [...(provider === undefined ? [] : [provider]), ...fallbacks.map((choice) => choice.provider)]
}

function columnsOf(after: AiSettings, { settings }: Client) {
  const { provider = null, model = null, ...ai } = after
  return { provider, model, settings: { ...settings, ai } }
}

/** The changed settings before and after; what was not set is null. */
function difference(names: readonly string[], before: object, after: object): Record<string, unknown> {
  const pick = (from: object) => {
    const values = new Map<string, unknown>(Object.entries(from))
    return Object.fromEntries(names.map((name) => [name, values.get(name) ?? null]))
  }
  return { before: pick(before), after: pick(after) }
}
