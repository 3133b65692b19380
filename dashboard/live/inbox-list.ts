import type { AdminConversation } from '../../protocol/admin.ts'
import type { ConversationsQuery } from '../../protocol/conversations.ts'

export const STATES = ['open', 'waiting', 'ai', 'agent', 'ended'] as const
export const SINCES = ['any', 'hour', 'day', 'week'] as const

/** Which conversations are wanted; the empty text means any. */
export interface InboxFilters {
  client: string
  state: (typeof STATES)[number]
  channel: string
  since: (typeof SINCES)[number]
  search: string
}

export const NO_FILTERS: InboxFilters = { client: '', state: 'open', channel: '', since: 'any', search: '' }

const HOUR = 3_600_000
const SINCE_MS = { any: Infinity, hour: HOUR, day: 24 * HOUR, week: 168 * HOUR }

/** What the server is asked for these. To the minute, so that the same is asked again and not something new each time. */
export function queryOf(filters: InboxFilters, now: number): ConversationsQuery {
  const { client, state, channel, since, search } = filters
  const from = Math.floor((now - SINCE_MS[since]) / 60_000) * 60_000
  return {
    ...(state === 'waiting' ? { state: 'open', handoff: 'requested' } : { state }),
    ...(client !== '' && { client_id: client }),
    ...(channel !== '' && { channel }),
    ...(since !== 'any' && { from: new Date(from).toISOString() }),
    ...(search.trim() !== '' && { search: search.trim() }),
  }
}

/**
 * The list: what was read, each as it was told last, and what was told of and fits; who waits for a person first, the
 * longest first, then begun last first. Whether a text was said the server alone knows: then nothing is added. `kept` is
 * the one on the screen, which stays.
 */
export function mergeInbox(
  listed: readonly AdminConversation[],
  told: ReadonlyMap<string, AdminConversation>,
  { filters, now, kept }: { filters: InboxFilters; now: number; kept: string | null },
): AdminConversation[] {
  const rows = new Map<string, AdminConversation>(listed.map((one) => [one.id, one]))
  for (const [id, one] of told)
    if (rows.has(id) || filters.search.trim() === '') rows.set(id, younger(rows.get(id), one))
  return [...rows.values()]
    .filter((one) => one.id === kept || fits(one, filters, now))
    .sort(
      (a, b) =>
        rank(a).localeCompare(rank(b)) ||
        b.started_at.localeCompare(a.started_at) ||
        b.id.localeCompare(a.id),
    )
}

function younger(listed: AdminConversation | undefined, told: AdminConversation): AdminConversation {
  if (!listed) return told
  const isOlder = told.message_count < listed.message_count || told.epoch < listed.epoch
  return isOlder ? listed : { ...listed, ...told }
}

function fits(one: AdminConversation, { client, state, channel, since }: InboxFilters, now: number): boolean {
  if (client !== '' && one.client_id !== client) return false
  if (channel !== '' && one.channel !== channel) return false
  if (now - Date.parse(one.started_at) > SINCE_MS[since] + 60_000) return false
  if (state === 'waiting') return isWaiting(one)
  return state === 'open' ? one.state !== 'ended' : one.state === state
}

/** Somebody is wanted there. */
export function isWaiting({ handoff, state }: AdminConversation): boolean {
  return handoff === 'requested' && state !== 'ended'
}

function rank(one: AdminConversation): string {
  return isWaiting(one) ? `0${one.handoff_request?.requested_at ?? ''}` : '1'
}
