import type { Witness, TellingOf } from '../witness.ts'
import { groupBy } from './groups.ts'
import type { Kept, KeptMessage, KeptTurn } from './kept.ts'

interface Stream {
  node: string
  text: string
}

/** What was streamed of a turn is, put together as a client does it, what is kept of it. */
export function* streamsAgree(kept: Kept, witness: Witness): Iterable<string> {
  const byTurn = groupBy(
    witness.tellings.filter(({ told }) => turnOf(told) !== null),
    ({ told }) => `${told.to.conversation_id}.${String(turnOf(told))}`,
  )
  const ends = new Map(
    kept.messages.flatMap((row) => (row.turn === null ? [] : [[`${row.conversation_id}.${row.turn}`, row]])),
  )
  for (const turn of kept.turns) {
    const key = `${turn.conversation_id}.${turn.number}`
    const message = ends.get(key)
    if (message) yield* streamAgrees(turn, message, byTurn.get(key) ?? [])
  }
}

function turnOf(told: TellingOf['told']): number | null {
  if (told.event === 'reply:delta') return told.args[0]
  return told.event === 'reply:start' || told.event === 'reply:end' ? told.args[0].turn : null
}

function* streamAgrees(turn: KeptTurn, message: KeptMessage, tellings: TellingOf[]): Iterable<string> {
  const name = `turn ${turn.number} of ${turn.conversation_id}, ${turn.state} in attempt ${turn.attempt}:`
  const takenFromOwner = turn.error === 'owner_silent'
  const streams = new Map<number, Stream>()
  const enders: string[] = []
  // Where a taker ended it, a living owner learns so with its next renewal; visitors ignore its older epoch.
  const isLate = (node: string, attempt: number) =>
    attempt >= turn.attempt && (takenFromOwner ? enders.includes(node) : enders.length > 0)
  for (const { node, told } of tellings) {
    if (told.event === 'reply:end') {
      enders.push(node)
      if (message.status === 'complete' && (streams.get(turn.attempt)?.text ?? '') !== message.content)
        yield `${name} it ended otherwise than it was streamed`
    } else if (told.event === 'reply:start') {
      const { attempt } = told.args[0]
      const stream = streams.get(attempt)
      if (stream && stream.node !== node) yield `${name} two nodes spoke as attempt ${attempt}`
      else if (stream?.text) yield `${name} attempt ${attempt} began again after it had spoken`
      else streams.set(attempt, { node, text: '' })
      if (isLate(node, attempt)) yield `${name} attempt ${attempt} began after the end`
    } else if (told.event === 'reply:delta') {
      const [, attempt, offset, text] = told.args
      const stream = streams.get(attempt)
      if (stream?.node !== node) yield `${name} a piece of attempt ${attempt} came from who had not begun it`
      else if (stream.text.length !== offset) yield `${name} a piece of attempt ${attempt} does not fit`
      else stream.text += text
      if (isLate(node, attempt)) yield `${name} attempt ${attempt} spoke after the end`
    }
  }
  if (enders.length > 1) yield `${name} its end was told ${enders.length} times`
  const streamed = streams.get(turn.attempt)?.text ?? ''
  const fits = takenFromOwner ? streamed.startsWith(message.content) : message.content.startsWith(streamed)
  if (!fits) yield `${name} what its last attempt streamed is not what is kept`
}
