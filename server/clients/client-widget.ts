import { SYSTEM, type Actor } from '../../models/actor.ts'
import type { Client, ClientName } from '../../models/client.ts'
import type { Models } from '../../models/index.ts'
import { refuse, succeed, type Result } from '../../protocol/result.ts'
import { WidgetSettings } from '../../protocol/widget-settings.ts'
import type { Database } from '../infra/database.ts'
import type { CompileSchema } from '../infra/validate.ts'
import { createUsableReader } from './usable-settings.ts'

/** New values; null takes a setting away. Of `features`, those that are named change. */
export type WidgetChanges = { [Name in keyof WidgetSettings]?: unknown }

/** The widgets of clients, as their keepers see them. */
export interface ClientsWidgets {
  /** What the client has set, as far as it can be used. `not_found` where there is no such client. */
  read(name: ClientName): Promise<Result<KeptWidget>>
  /**
   * Changes what is named and leaves the rest, with an entry in the audit log. What is named is checked. Refused:
   * `not_found`, or `invalid_payload` with the place. Pages show it within a minute.
   */
  change(name: ClientName, changes: WidgetChanges, by?: Actor): Promise<Result<KeptWidget>>
  /** The client as it would be with these changes, of which nothing is kept. Refused alike. */
  preview(name: ClientName, changes: WidgetChanges): Promise<Result<KeptWidget>>
}

/** What a client has set of its widget, and whose it is. */
export interface KeptWidget {
  settings: WidgetSettings
  client: Pick<Client, 'name' | 'branding' | 'locale' | 'settings'>
}

/** Works on `models`, which are bound to `database`. */
export function createClientsWidgets(
  database: Pick<Database, 'transaction'>,
  { Client, AuditEntry }: Pick<Models, 'Client' | 'AuditEntry'>,
  compile: CompileSchema,
): ClientsWidgets {
  const check = compile(WidgetSettings)
  const readUsable = createUsableReader(compile, WidgetSettings)
  return {
    async read(name) {
      const client = await Client.findOne({ where: name })
      return client === null ? refuse('not_found', UNKNOWN) : succeed(told(client))
    },

    change: (name, changes, by = SYSTEM) =>
      database.transaction(async (transaction) => {
        const valid = check(withoutNulls(changes))
        if (!valid.ok) return valid
        const client = await Client.findOne({ where: name, transaction, lock: transaction.LOCK.UPDATE })
        if (client === null) return refuse('not_found', UNKNOWN)
        const before = kept(client)
        await client.update(columnsOf(client, changes), { transaction })
        const names = Object.keys(changes)
        const details = { before: pick(before, names), after: pick(kept(client), names) }
        const entry = { ...by, client_id: client.id, action: 'client.widget_changed', details }
        await AuditEntry.record(entry, { transaction })
        return succeed(told(client))
      }),

    async preview(name, changes) {
      const valid = check(withoutNulls(changes))
      if (!valid.ok) return valid
      const client = await Client.findOne({ where: name })
      if (client === null) return refuse('not_found', UNKNOWN)
      return succeed(told(client.set(columnsOf(client, changes))))
    },
  }

  function told(client: Client): KeptWidget {
    return { settings: readUsable(kept(client)), client }
  }
}

const UNKNOWN = 'There is no such client.'

function columnsOf(client: Client, changes: WidgetChanges): Pick<Client, 'branding' | 'settings'> {
  const before = kept(client)
  const { features = {}, ...branding } = withoutNulls({ ...before, ...changes })
  const widget = changes.features === null ? {} : { ...recordOf(before['features']), ...recordOf(features) }
  return { branding, settings: { ...client.settings, widget } }
}

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
