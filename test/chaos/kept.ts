import type { Message } from '../../protocol/records.ts'
import { answerTo, CANARY } from './answers.ts'
import type { Database } from '../../server/infra/database.ts'
import type { ChaosVisitor } from './visitor.ts'

interface KeptConversation {
  id: string
  session_id: string
  last_seq: number
  message_count: number
  turn: number
  turn_open: boolean
  answered_seq: number
  visitor_seq: number
}
interface KeptMessage {
  conversation_id: string
  id: string
  seq: number
  role: string
  content: string
  client_message_id: string | null
  turn: number | null
  answers_to: number | null
  status: string | null
}
interface KeptTurn {
  conversation_id: string
  number: number
  state: string
  message_seq: number | null
  error: string | null
}

/** All that the database holds of what the visitors said and heard. */
export interface Kept {
  conversations: KeptConversation[]
  messages: KeptMessage[]
  turns: KeptTurn[]
  receipts: { session_id: string; client_message_id: string }[]
  /** Ends that were counted for the bill. */
  billed: number
}

export async function readKept({ sequelize }: Database): Promise<Kept> {
  const all = async (sql: string) => (await sequelize.query(sql))[0]
  return {
    conversations: (await all('SELECT * FROM conversations')) as KeptConversation[],
    messages: (await all('SELECT * FROM messages ORDER BY conversation_id, seq')) as KeptMessage[],
    turns: (await all('SELECT * FROM turns ORDER BY conversation_id, number')) as KeptTurn[],
    receipts: (await all('SELECT * FROM message_receipts')) as Kept['receipts'],
    billed: Number(((await all('SELECT sum(turns) AS n FROM usage_by_model')) as { n: string }[])[0]?.n ?? 0),
  }
}

/** Everything that is not as it must be once all is quiet, one line each. */
export function checkKept(kept: Kept, visitors: readonly ChaosVisitor[]): string[] {
  const breaches = kept.conversations.flatMap((one) => checkConversation(kept, one))
  const ends = kept.messages.filter((one) => one.role === 'assistant').length
  if (kept.billed !== ends) breaches.push(`${ends} ends were kept, and ${kept.billed} were counted as usage`)
  for (const visitor of visitors) breaches.push(...checkVisitor(kept, visitor))
  return breaches
}

/** What the conversation's row, its messages and its turns say of each other. */
function checkConversation(kept: Kept, conversation: KeptConversation): string[] {
  const { id, last_seq, turn } = conversation
  const of = <Row extends { conversation_id: string }>(rows: Row[]) =>
    rows.filter((row) => row.conversation_id === id)
  const messages = of(kept.messages)
  const turns = of(kept.turns)
  const ends = messages.filter((one) => one.role === 'assistant')
  const places = ends.flatMap((one) => (one.status === 'complete' ? [one.answers_to ?? 0] : []))
  const rules: Record<string, boolean> = {
    'has a hole in seq': messages.every((one, index) => one.seq === index + 1),
    'does not know its last seq': messages.length === last_seq && last_seq === conversation.message_count,
    'has an open turn': !conversation.turn_open,
    'has a turn without an end': turns.every((one) => !['queued', 'running'].includes(one.state)),
    'has lost a turn': turns.length === turn - 1,
    'has another number of ends than of turns':
      ends.length === turns.length && new Set(ends.map((one) => one.turn)).size === turns.length,
    'has a turn that ended as another': turns.every((one) =>
      ends.some((end) => end.turn === one.number && end.seq === one.message_seq && end.status === one.state),
    ),
    'owes an answer': conversation.answered_seq >= conversation.visitor_seq,
    'answered a message twice': places.every((place, index) => place > (places[index - 1] ?? 0)),
    'has an answer that is not what the model said': ends.every((end) => isSaid(end, messages)),
  }
  return Object.entries(rules).flatMap(([rule, holds]) => (holds ? [] : [`conversation ${id} ${rule}`]))
}

/** A complete answer is the whole of what the model says to the message that it answers; another is its beginning. */
function isSaid({ status, content, answers_to }: KeptMessage, messages: readonly KeptMessage[]): boolean {
  const question = messages.find((one) => one.seq === answers_to)?.content ?? ''
  const said = answerTo(question).join('')
  if (status === 'complete') return content === said
  // A turn that was broken off is placed after what was written meanwhile, and one that failed may apologise.
  return content === '' || !content.startsWith(CANARY) || messages.some((one) => isBeginning(content, one))
}

function isBeginning(content: string, { content: question }: KeptMessage): boolean {
  return answerTo(question).join('').startsWith(content)
}

function checkVisitor(kept: Kept, visitor: ChaosVisitor): string[] {
  const { name, transcript, session } = visitor
  const breaches = [...visitor.breaches, ...transcript.breaches]
  const messages = kept.messages.filter((one) => one.conversation_id === transcript.conversationId)
  const receipts = kept.receipts.filter((one) => one.session_id === session?.session_id)
  if (receipts.length !== visitor.acked.size)
    breaches.push(`${visitor.acked.size} messages were acked, and ${receipts.length} receipts are kept`)
  for (const [id, message] of visitor.acked) {
    const rows = messages.filter((row) => row.client_message_id === id)
    if (rows.length !== 1 || !isSame(rows[0], message))
      breaches.push(`message ${id} is kept ${rows.length} times`)
  }
  if (messages.length !== transcript.messages.size)
    breaches.push(`it has ${transcript.messages.size} messages, and ${messages.length} are kept`)
  for (const row of messages) {
    const own = transcript.messages.get(row.seq)
    if (!own || !isSame(row, own)) breaches.push(`seq ${row.seq} is another one than is kept`)
    if (row.turn !== null && visitor.stopped.has(row.turn) && row.status !== 'stopped')
      breaches.push(`turn ${row.turn} was stopped, and ended as ${String(row.status)}`)
  }
  return breaches.map((breach) => `${name}: ${breach}`)
}

function isSame(row: KeptMessage | undefined, message: Message): boolean {
  return (
    row !== undefined &&
    row.id === message.id &&
    row.seq === message.seq &&
    row.content === message.content &&
    (row.status ?? undefined) === message.status &&
    (row.answers_to ?? undefined) === message.answers_to
  )
}
