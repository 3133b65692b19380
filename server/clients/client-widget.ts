import type { Client } from '../../models/client.ts'
import type { Models } from '../../models/index.ts'
import { refuse, succeed, type Result } from '../../protocol/result.ts'
import { WidgetSettings } from '../../protocol/widget-settings.ts'
import type { Database } from '../infra/database.ts'
import type { CompileSchema } from '../infra/validate.ts'

/** New values; null takes a setting away. Of `features`, those that are named change. */
export type WidgetChanges = { [Name in keyof WidgetSettings]?: unknown }

/** The widgets of clients, as their keepers see them. */
export interface ClientsWidgets {
  /** What the client has set, as it is kept. `not_found` where no client has this publishable key. */
  read(clientKey: string): Promise<Result<Record<string, unknown>>>
  /**
   * Changes what is named and leaves the rest, with an entry in the audit log. What is named is checked. Refused:
   * `not_found`, or `invalid_payload` with the place. Pages show it within a minute.
   */
  change(clientKey: string, changes: WidgetChanges): Promise<Result<Record<string, unknown>>>
}

/** Works on `models`, which are bound to `database`. */
export function createClientsWidgets(
  database: Pick<Database, 'transaction'>,
  { Client, AuditEntry }: Pick<Models, 'Client' | 'AuditEntry'>,
  compile: CompileSchema,
): ClientsWidgets {
  const check = compile(WidgetSettings)
  return {
    async read(clientKey) {
      const client = await Client.findOne({ where: { api_key: clientKey } })
      return client === null ? refuse('not_found', UNKNOWN) : succeed(kept(client))
    },

    change: (clientKey, changes) =>
      database.transaction(async (transaction) => {
        const valid = check(withoutNulls(changes))
        if (!valid.ok) return valid
        const where = { api_key: clientKey }
        const client = await Client.findOne({ where, transaction, lock: transaction.LOCK.UPDATE })
        if (client === null) return refuse('not_found', UNKNOWN)
        const before = kept(client)
        const { features = {}, ...branding } = withoutNulls({ ...before, ...changes })
        const widget =
          changes.features === null ? {} : { ...recordOf(before['features']), ...recordOf(features) }
        await client.update({ branding, settings: { ...client.settings, widget } }, { transaction })
        const names = Object.keys(changes)
        const details = { before: pick(before, names), after: pick(kept(client), names) }
        const action = 'client.widget_changed'
        await AuditEntry.record({ actor: 'system', client_id: client.id, action, details }, { transaction })
        return succeed(kept(client))
      }),
  }
}

const UNKNOWN = 'No client has this key.'

function kept({ branding, settings }: Client): Record<string, unknown> {
  const features = recordOf(settings['widget'])
  return { ...branding, ...(Object.keys(features).length > 0 && { features }) }
}

function recordOf(value: unknown): object {
  return typeof value === 'object' && value !== null ? value : {}
}

function withoutNulls(values: object): Record<string, unknown> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== null))
}

/** What was not set is null. */
function pick(from: Record<string, unknown>, names: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(names.map((name) => [name, from[name] ?? null]))
}
