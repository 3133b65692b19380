import type { Team } from '../../protocol/records.ts'
import { clientTimeZone } from '../clients/client-time-zone.ts'
import { ALWAYS_OPEN, openingAt, type Opening } from '../clients/opening.ts'
import type { AiSettingsReader, KeptAiSettings } from '../clients/read-ai-settings.ts'
import type { Database, Statement } from '../infra/database.ts'
import { KeptAnswers } from '../infra/kept-answers.ts'
import type { HandoffLimits } from './limits.ts'

/** The people of a client at this moment. */
export interface ClientTeam extends Opening {
  /** Somebody who may take conversations over is there. */
  staffed: boolean
  /** IANA: that of the hours. */
  time_zone: string
}

/** Rejects with `DatabaseUnavailable`. */
export type ReadTeam = (clientId: string) => Promise<ClientTeam>

/** Whether somebody who may take conversations over of client $1 is there. $2: for so many ms after being seen */
export const STAFFED = `
  EXISTS (
    SELECT FROM admins a
    WHERE (a.client_id = $1::uuid OR a.client_id IS NULL) AND a.disabled_at IS NULL AND a.role <> 'analyst'
      AND a.last_seen_at > now() - $2::int * interval '1 ms'
  )`

const READ: Statement = {
  name: 'handoff/team',
  text: `
    SELECT provider, model, settings->'ai' AS ai, business_info, ${STAFFED} AS staffed
    FROM clients WHERE id = $1::uuid`,
}

/** Reads a team as it is now. Without hours, a client is always open. */
export function createTeamReader(
  database: Pick<Database, 'run'>,
  readSettings: AiSettingsReader,
  { seenFor }: Pick<HandoffLimits, 'seenFor'>,
): ReadTeam {
  return async (clientId) => {
    const [row] = await database.run<TeamRow>(READ, [clientId, seenFor])
    if (!row) return { open: false, opens_at: null, staffed: false, time_zone: 'UTC' }
    const { settings } = readSettings(row)
    const time_zone = clientTimeZone(settings, row.business_info)
    const { hours } = settings
    const opening = hours ? openingAt(hours, time_zone, new Date()) : ALWAYS_OPEN
    return { ...opening, staffed: row.staffed, time_zone }
  }
}

/** Teams that are remembered at once. */
const KEPT = 5_000

/** The same as it goes over the wire, read once in `limits.teamKept` however many visitors come. */
export function keepTeams(
  readTeam: ReadTeam,
  { teamKept }: Pick<HandoffLimits, 'teamKept'>,
): (clientId: string) => Promise<Team> {
  const kept = new KeptAnswers<Team>({ ms: teamKept, most: KEPT })
  return (clientId) => kept.of(clientId, async () => presentTeam(await readTeam(clientId)))
}

interface TeamRow extends KeptAiSettings {
  business_info: unknown
  staffed: boolean
}

/** As it goes over the wire. */
export function presentTeam({ open, staffed, opens_at }: ClientTeam): Team {
  return { available: open && staffed, ...(opens_at && { opens_at: opens_at.toISOString() }) }
}
