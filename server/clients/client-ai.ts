import type { Client } from '../../models/client.ts'
import type { Models } from '../../models/index.ts'
import { AiSettings } from '../../protocol/ai-settings.ts'
import { refuse, succeed, type Result } from '../../protocol/result.ts'
import type { Database } from '../infra/database.ts'
import type { CompileSchema } from '../infra/validate.ts'
import { createAiSettingsReader, type ReadAiSettings } from './read-ai-settings.ts'

/**
 * New values; null takes a setting away. Of `parameters` and `handoff`, the parts that are named change and the others
 * stay. They are checked as a whole with what stays.
 */
export type AiChanges = { [Name in keyof AiSettings]?: unknown }

/** The AI of clients, as their keepers see it. */
export interface ClientsAi {
  /** All clients, oldest first. */
  list(): Promise<Client[]>
  /** `not_found` where no client has this publishable key. */
  read(clientKey: string): Promise<Result<ReadAiSettings>>
  /**
   * Changes what is named and leaves the rest, in one transaction with an entry in the audit log that tells the values
   * before and after. What could not be used before is taken away. Refused: `not_found`, or `invalid_payload` with
   * the place. Turns that begin later heed it.
   */
  change(clientKey: string, changes: AiChanges): Promise<Result<AiSettings>>
}

/** Works on `models`, which are bound to `database`; `providers` are those that a client may name. */
export function createClientsAi(
  database: Pick<Database, 'transaction'>,
  { Client, AuditEntry }: Pick<Models, 'Client' | 'AuditEntry'>,
  { compile, providers }: { compile: CompileSchema; providers: readonly string[] },
): ClientsAi {
  const readSettings = createAiSettingsReader(compile)
  const check = compile(AiSettings)

  return {
    list: () => Client.findAll({ order: ['created_at', 'api_key'] }),

    async read(clientKey) {
      const client = await Client.findOne({ where: { api_key: clientKey } })
      return client === null ? refuse('not_found', UNKNOWN) : succeed(read(client))
    },

    change: (clientKey, changes) =>
      database.transaction(async (transaction) => {
        const where = { api_key: clientKey }
        const client = await Client.findOne({ where, transaction, lock: transaction.LOCK.UPDATE })
        if (client === null) return refuse('not_found', UNKNOWN)
        const before = read(client).settings
        const after = check(withChanges(before, changes))
        if (!after.ok) return after
        const unknown = providersOf(after.data).find((name) => !providers.includes(name))
        if (unknown !== undefined) return refuse('invalid_payload', unknownProvider(unknown, providers))
        await client.update(columnsOf(after.data, client), { transaction })
        const details = difference(Object.keys(changes), before, after.data)
        const action = 'client.ai_changed'
        await AuditEntry.record({ actor: 'system', client_id: client.id, action, details }, { transaction })
        return succeed(read(client).settings)
      }),
  }

  function read({ provider, model, settings }: Client): ReadAiSettings {
    return readSettings({ provider, model, ai: settings['ai'] })
  }
}

const UNKNOWN = 'No client has this key.'

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
function difference(
  names: readonly string[],
  before: AiSettings,
  after: AiSettings,
): Record<string, unknown> {
  const pick = (from: Record<string, unknown>) =>
    Object.fromEntries(names.map((name) => [name, from[name] ?? null]))
  return { before: pick(before), after: pick(after) }
}
