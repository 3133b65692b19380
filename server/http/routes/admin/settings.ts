import type { AiTold } from '../../../../protocol/client-ai.ts'
import { MESSAGE_DAYS, PLAN_NAMES, type TermsTold } from '../../../../protocol/client-terms.ts'
import type { SnippetQuery, WidgetTold } from '../../../../protocol/client-widget.ts'
import type { SETTINGS_OPERATIONS } from '../../../../protocol/operations/admin/settings.ts'
import type { WidgetConfig } from '../../../../protocol/rest.ts'
import { refuse, succeed, type Result } from '../../../../protocol/result.ts'
import { snippetFor } from '../../../../protocol/snippet.ts'
import type { ClientAi } from '../../../clients/client-ai.ts'
import type { ClientTerms } from '../../../clients/client-terms.ts'
import { clientTimeZone } from '../../../clients/client-time-zone.ts'
import type { KeptWidget } from '../../../clients/client-widget.ts'
import { readClient } from '../../../clients/list-clients.ts'
import { ALWAYS_OPEN, openingAt } from '../../../clients/opening.ts'
import { PROVIDER_NAMES } from '../../../config/models.ts'
import type { Endpoint } from '../../endpoint.ts'
import { forClientAdmin } from '../../for-admin.ts'
import type { HttpParts } from '../../http-env.ts'
import { widgetConfig } from '../../widget-config.ts'

type Endpoints<Part extends string> = {
  [K in Extract<keyof typeof SETTINGS_OPERATIONS, `${string}/:client_id/${Part}`>]: Endpoint<K>
}

/** How a client's AI works, and what it may tell of the business. */
export function aiEndpoints(parts: HttpParts): Endpoints<'ai' | 'business'> {
  const { ai } = parts.settings
  return {
    'GET /api/admin/clients/:client_id/ai': forClientAdmin(parts, async ({ client_id: id }) =>
      aiTold(await ai.read({ id })),
    ),
    'PATCH /api/admin/clients/:client_id/ai': forClientAdmin(parts, async ({ client_id: id, by }, { body }) =>
      aiTold(await ai.change({ id }, body, by)),
    ),
    'PATCH /api/admin/clients/:client_id/business': forClientAdmin(
      parts,
      async ({ client_id: id, by }, { body }) => aiTold(await ai.changeBusiness({ id }, body, by)),
    ),
  }
}

/** How a client's widget looks, and what goes into its pages. */
export function widgetEndpoints(parts: HttpParts): Endpoints<'widget' | 'widget/preview' | 'snippet'> {
  const { widgets } = parts.settings
  return {
    'GET /api/admin/clients/:client_id/widget': forClientAdmin(parts, async ({ client_id: id }) =>
      widgetTold(await widgets.read({ id })),
    ),
    'PATCH /api/admin/clients/:client_id/widget': forClientAdmin(
      parts,
      async ({ client_id: id, by }, { body }) => widgetTold(await widgets.change({ id }, body, by)),
    ),
    'POST /api/admin/clients/:client_id/widget/preview': forClientAdmin(
      parts,
      async ({ client_id: id }, { body }) => {
        const changed = await widgets.preview({ id }, body)
        return changed.ok ? succeed({ shown: shownOf(changed.data) }) : changed
      },
    ),
    'GET /api/admin/clients/:client_id/snippet': forClientAdmin(
      parts,
      async ({ client_id }, { query }, c) => {
        const client = await readClient(parts.database, client_id)
        if (client === null) return refuse('not_found')
        const origin = parts.config.http.publicUrl ?? new URL(c.req.url).origin
        return succeed({ snippet: snippetOf(origin, client.api_key, query), origin })
      },
    ),
  }
}

/** How a client's visitors prove who they are. */
export function identityEndpoints(
  parts: HttpParts,
): Endpoints<'identity' | 'identity/try' | 'identity/secret'> {
  const { identity } = parts.settings
  return {
    'GET /api/admin/clients/:client_id/identity': forClientAdmin(parts, ({ client_id: id }) =>
      identity.read({ id }),
    ),
    'POST /api/admin/clients/:client_id/identity/try': forClientAdmin(parts, ({ client_id }, { body }) =>
      parts.identities.verify(client_id, body.identity_token),
    ),
    'POST /api/admin/clients/:client_id/identity/secret': forClientAdmin(parts, ({ client_id: id, by }) =>
      identity.issue({ id }, by),
    ),
    'PATCH /api/admin/clients/:client_id/identity': forClientAdmin(parts, ({ client_id: id, by }, { body }) =>
      identity.require({ id }, body.required, by),
    ),
  }
}

/** What a client's plan allows, and for how long what is said is kept. */
export function termsEndpoints(parts: HttpParts): Endpoints<'terms' | 'plan' | 'retention'> {
  const { terms } = parts.settings
  return {
    'GET /api/admin/clients/:client_id/terms': forClientAdmin(parts, async ({ client_id: id }) =>
      termsTold(await terms.read({ id })),
    ),
    'PATCH /api/admin/clients/:client_id/plan': forClientAdmin(
      parts,
      async ({ client_id: id, by }, { body }) => termsTold(await terms.setPlan({ id }, body.plan_type, by)),
    ),
    'PATCH /api/admin/clients/:client_id/retention': forClientAdmin(
      parts,
      async ({ client_id: id, by }, { body }) =>
        termsTold(await terms.setMessagesDays({ id }, body.messages_days, by)),
    ),
  }
}

function aiTold(read: Result<ClientAi>): Result<AiTold> {
  if (!read.ok) return read
  const { settings, ignored, business, business_info } = read.data
  const time_zone = clientTimeZone(settings, business_info)
  const { open, opens_at } = settings.hours ? openingAt(settings.hours, time_zone, new Date()) : ALWAYS_OPEN
  const opening = { time_zone, open, opens_at: opens_at?.toISOString() ?? null }
  return succeed({ settings, ignored, providers: [...PROVIDER_NAMES], opening, business })
}

function widgetTold(read: Result<KeptWidget>): Result<WidgetTold> {
  return read.ok ? succeed({ settings: read.data.settings, shown: shownOf(read.data) }) : read
}

function shownOf({ client }: KeptWidget): WidgetConfig {
  const { name, branding, locale, settings } = client
  return widgetConfig({
    name,
    branding,
    locale,
    features: settings['widget'],
    handoff_offered: offers(settings),
  })
}

/** Whether visitors may ask for a person, as `ClientDirectory` reads it. */
function offers({ ai }: Record<string, unknown>): boolean {
  const { handoff } = recordOf(ai)
  return recordOf(handoff)['offered'] !== false
}

function recordOf(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? { ...value } : {}
}

function snippetOf(origin: string, clientKey: string, query: SnippetQuery): string {
  const { locale, theme, position, hide_launcher, untouched } = query
  return snippetFor({
    ...{ origin, clientKey },
    ...(locale && { locale }),
    ...(theme && { theme }),
    ...(position && { position }),
    ...(hide_launcher && { hideLauncher: true }),
    ...(untouched && { untouched: true }),
  })
}

function termsTold(read: Result<ClientTerms>): Result<TermsTold> {
  if (!read.ok) return read
  const { plan_type, messages_days } = read.data
  const retention = { messages_days, most_days: MESSAGE_DAYS }
  return succeed({ plan_type, plans: [...PLAN_NAMES], retention })
}
