import { SYSTEM, type Actor } from '../../models/actor.ts'
import type { Client, ClientName } from '../../models/client.ts'
import type { Models } from '../../models/index.ts'
import { MESSAGE_DAYS, type PlanBody } from '../../protocol/client-terms.ts'
import { refuse, succeed, type Result } from '../../protocol/result.ts'
import type { Database } from '../infra/database.ts'

/** What a client may use, and for how many days its messages are kept; null: as long as the installation keeps them. */
export interface ClientTerms {
  plan_type: string
  messages_days: number | null
}

/** The terms of clients, as their keepers see them. Refused: `not_found`. Each change is told in the audit log. */
export interface ClientsTerms {
  read(name: ClientName): Promise<Result<ClientTerms>>
  /** Counts from a few seconds later on. */
  setPlan(name: ClientName, plan: PlanBody['plan_type'], by?: Actor): Promise<Result<ClientTerms>>
  /** Counts from the next pass of retention on. */
  setMessagesDays(name: ClientName, days: number | null, by?: Actor): Promise<Result<ClientTerms>>
}

/** Works on `models`, which are bound to `database`. */
export function createClientsTerms(
  database: Pick<Database, 'transaction'>,
  { Client, AuditEntry }: Pick<Models, 'Client' | 'AuditEntry'>,
): ClientsTerms {
  return {
    async read(name) {
      const client = await Client.findOne({ where: name })
      return client === null ? refuse('not_found', UNKNOWN) : succeed(termsOf(client))
    },

    setPlan: (name, plan_type, by = SYSTEM) =>
      alter(name, { by, action: 'client.plan_changed' }, () => ({ plan_type })),

    setMessagesDays: (name, days, by = SYSTEM) =>
      alter(name, { by, action: 'client.retention_changed' }, ({ settings: { retention, ...others } }) => {
        const after = new Map(Object.entries(recordOf(retention)))
        if (days === null) after.delete('messages_days')
        else after.set('messages_days', days)
        return { settings: { ...others, retention: Object.fromEntries(after) } }
      }),
  }

  function alter(
    where: ClientName,
    { by, action }: { by: Actor; action: string },
    columns: (client: Client) => Partial<Pick<Client, 'plan_type' | 'settings'>>,
  ): Promise<Result<ClientTerms>> {
    return database.transaction(async (transaction) => {
      const client = await Client.findOne({ where, transaction, lock: transaction.LOCK.NO_KEY_UPDATE })
      if (client === null) return refuse('not_found', UNKNOWN)
      const before = termsOf(client)
      await client.update(columns(client), { transaction })
      const details = { before, after: termsOf(client) }
      await AuditEntry.record({ ...by, client_id: client.id, action, details }, { transaction })
      return succeed(termsOf(client))
    })
  }
}

const UNKNOWN = 'There is no such client.'

/** What is kept that is no number of days counts as nothing. */
function termsOf({ plan_type, settings }: Client): ClientTerms {
  const { messages_days: days } = recordOf(settings['retention'])
  const isKnown = typeof days === 'number' && Number.isInteger(days) && days >= 1 && days < MESSAGE_DAYS
  return { plan_type, messages_days: isKnown ? days : null }
}

function recordOf(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? { ...value } : {}
}
