import type { ToolDefinition } from '../llm/provider.ts'
import { describeMinute } from '../infra/time-zone.ts'
import type { BuiltIn, BuiltInResult } from './built-in.ts'

export const HAND_OVER: ToolDefinition = {
  name: 'hand_over',
  description:
    'Asks a person of the business to join this chat. Call it when the visitor asks for a person or accepts your offer ' +
    'of one, when the visitor is upset and you cannot set it right, or when only a person may decide. Do not call it ' +
    'for a question that you can answer, nor again while a person has been asked for. Before you know its result, ' +
    'promise nothing; then tell the visitor what the result says in one or two sentences, and nothing more hopeful. ' +
    'Until a person joins you go on answering.',
  parameters: {
    type: 'object',
    properties: {
      reason: {
        type: 'string',
        description:
          'For the person who joins, in one sentence: what the visitor wants and what is still open, such as ' +
          '"Order 4711 arrived torn; wants a replacement, has sent a photo".',
      },
    },
    required: ['reason'],
    additionalProperties: false,
  },
}

/** What asking for a person has come to. */
export type HandedOver =
  | {
      state: 'requested'
      /** It was so before this call. */
      already: boolean
      /** Place in the queue; 1 is next. */
      position: number
      /** How long it took lately until somebody came, in minutes; null: too few came to tell. */
      expected_minutes: number | null
      /** Whether anybody who may take it is there, and whether it is within the hours in which people answer. */
      team: { staffed: boolean; open: boolean; opens_at: Date | null; time_zone: string }
      /** Minutes until the request lapses. */
      minutes_left: number
    }
  /** A person has the conversation, or it has ended. */
  | { state: 'with_agent' | 'ended' }
  /** Asked for by this very call before; since then the visitor took it back, or nobody came. */
  | { state: 'over' }

type Requested = Extract<HandedOver, { state: 'requested' }>

/** Asks for a person, once for each `key`, however often the turn is begun anew. */
export type AskForPerson = (asked: { reason: string; key: string }) => Promise<HandedOver>

/** The function by which a model hands the conversation over. */
export function handOver(ask: AskForPerson): BuiltIn {
  return {
    definition: HAND_OVER,
    async run({ reason }, key): Promise<BuiltInResult> {
      const said = typeof reason === 'string' ? reason : ''
      return { content: wordHandedOver(await ask({ reason: said, key })) }
    },
  }
}

/** What the model reads of it: no more hope than there is. */
export function wordHandedOver(result: HandedOver): string {
  switch (result.state) {
    case 'with_agent':
      return 'A person has this chat already. Say nothing more.'
    case 'ended':
      return 'This chat has ended. Say nothing more.'
    case 'over':
      return 'A person was asked for, but nobody could come, or the visitor took the wish back. Say so, and go on helping.'
    case 'requested': {
      const { already, position, expected_minutes, team, minutes_left } = result
      const asked = already
        ? 'A person has been asked for before, and has not come yet.'
        : 'A person has been asked for.'
      const there =
        wordTeam(team) ?? `The visitor is number ${position} in the queue.${wordWait(expected_minutes)}`
      return `${asked} ${there} If nobody has come in ${wordMinutes(minutes_left)}, the visitor is told so here. Go on helping meanwhile.`
    }
  }
}

/** Null: somebody may come. */
function wordTeam({ staffed, open, opens_at, time_zone }: Requested['team']): string | null {
  if (open && staffed) return null
  const why = open
    ? 'Nobody of the team is there at the moment'
    : `The team is closed${opens_at ? ` until ${describeMinute(opens_at, time_zone)}` : ''}`
  return `${why}, so perhaps nobody comes: say so, and offer the contact details, where you have any.`
}

function wordWait(minutes: number | null): string {
  return minutes === null
    ? ' How long it takes is not known.'
    : ` Lately it took about ${wordMinutes(minutes)}.`
}

function wordMinutes(minutes: number): string {
  return minutes === 1 ? '1 minute' : `${String(minutes)} minutes`
}
