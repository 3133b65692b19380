import type { ConversationState, Handoff, HandoffState } from '../../protocol/records.ts'
import { HANDOFF_POSITION } from '../conversation/rows.ts'
import type { Database, Statement } from '../infra/database.ts'

/** How a conversation stands with regard to a person. */
export interface Standing {
  state: ConversationState
  handoff: HandoffState
  /** Its place in the client's queue, 1 is next; null while it is in none. */
  position: number | null
  /** What a turn last asked under. */
  handoff_key: string | null
}

/** $1 conversation */
const READ: Statement = {
  name: 'handoff/standing',
  text: `SELECT v.state, v.handoff, v.handoff_key, ${HANDOFF_POSITION} AS position FROM conversations v WHERE v.id = $1::uuid`,
}

export async function readStanding(
  database: Pick<Database, 'run'>,
  conversationId: string,
): Promise<Standing | null> {
  const [standing] = await database.run<Standing>(READ, [conversationId])
  return standing ?? null
}

/** As it goes over the wire. */
export function presentHandoff({ handoff, position }: Pick<Standing, 'handoff' | 'position'>): Handoff {
  return { state: handoff, ...(position === null ? {} : { position }) }
}
