import type { HandoffRules } from '../../protocol/ai-settings.ts'
import { HANDOFF_DEFAULTS } from '../../protocol/handoff-defaults.ts'
import type { AiSettingsReader, KeptAiSettings } from '../clients/read-ai-settings.ts'
import type { Database, Statement } from '../infra/database.ts'

/** When a client's conversations go to a person; what it has not set is as in `HANDOFF_DEFAULTS`. */
export type ReadRules = (clientId: string) => Promise<Required<HandoffRules>>

/** $1 client */
const READ: Statement = {
  name: 'handoff/read-rules',
  text: `SELECT provider, model, settings->'ai' AS ai FROM clients WHERE id = $1::uuid`,
}

export function createRulesReader(
  database: Pick<Database, 'run'>,
  readSettings: AiSettingsReader,
): ReadRules {
  return async (clientId) => {
    const [kept] = await database.run<KeptAiSettings>(READ, [clientId])
    return { ...HANDOFF_DEFAULTS, ...(kept && readSettings(kept).settings.handoff) }
  }
}
