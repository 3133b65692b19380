import type { HandOver } from '../conversation/hand-over.ts'
import type { HandedOver } from '../tools/hand-over.ts'
import { askForPerson } from './ask.ts'
import type { HandoffContext } from './context.ts'
import { readProspect } from './prospect.ts'

/** Asks for a person on behalf of an AI, and says what it may tell its visitor. */
export function createHandOver(context: HandoffContext): HandOver {
  return async (to, { key, reason }): Promise<HandedOver> => {
    const standing = await askForPerson(context, to, { by: 'ai', reason, key })
    if (standing === null || standing.state === 'ended') return { state: 'ended' }
    if (standing.state === 'agent') return { state: 'with_agent' }
    if (standing.position === null) return { state: 'over' }
    const [prospect, team] = await Promise.all([
      readProspect(context.database, to.conversation_id),
      context.readTeam(to.client_id),
    ])
    const already = standing.handoff_key !== key
    return { state: 'requested', already, position: standing.position, ...prospect, team }
  }
}
