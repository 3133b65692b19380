import { countStreams } from './check/streams.ts'
import { describeOp, opsOf, type History } from './history.ts'
import type { Truth } from './truth.ts'

/** What happened, in numbers. */
export function countOf(history: History, truth: Truth): Record<string, number> {
  const { turns, messages, effects, changes } = truth
  const acked = new Set(opsOf(history, 'acked').map(({ id }) => id))
  const sent = opsOf(history, 'sends').map(({ id }) => id)
  return {
    ...prefixed(
      'fault: ',
      opsOf(history, 'suffers').map(({ fault }) => fault),
    ),
    'messages sent': new Set(sent).size,
    'messages acked': acked.size,
    'sent again, or twice': sent.length - new Set(sent).size,
    'sent, no ack': opsOf(history, 'unacked').length,
    'refused, to be tried again': opsOf(history, 'refused').length,
    'messages kept': messages.length,
    turns: turns.length,
    ...prefixed(
      'turns ',
      turns.map(({ state, error }) => (error === null ? state : `${state}: ${error}`)),
    ),
    attempts: turns.reduce((sum, { attempt }) => sum + attempt, 0),
    'streams compared': countStreams(history),
    connections: opsOf(history, 'connects').length,
    'pieces heard': opsOf(history, 'told').filter(({ event }) => event === 'reply:delta').length,
    'requests that waited': opsOf(history, 'answered').length,
    'calls with an effect': new Set(effects.map(({ nonce }) => nonce)).size,
    'effects asked for': effects.length,
    'taken over': changes.filter(({ action }) => action === 'conversation.taken_over').length,
    'stops acked': opsOf(history, 'stopped').length,
  }
}

function prefixed(prefix: string, names: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const name of names.toSorted()) counts[prefix + name] = (counts[prefix + name] ?? 0) + 1
  return counts
}

const CASES_SHOWN = 3
const OPS_SHOWN = 120
const ROWS_SHOWN = 8
const LOG_LINES_SHOWN = 15

/** The end of what those concerned lived through, what is kept of it, and what the nodes wrote last. */
export function evidenceOf(
  breaches: readonly string[],
  {
    history,
    truth,
    said,
  }: { history: History; truth: Truth; said: readonly { name: string; text: string }[] },
): string[] {
  if (breaches.length === 0) return []
  const who = [...new Set(breaches.flatMap((breach) => concerned(breach, history, truth)))]
  const lines = said.flatMap(({ name, text }) =>
    text
      .split('\n')
      .filter((line) => line !== '')
      .slice(-LOG_LINES_SHOWN)
      .map((line) => `${name} ${line}`),
  )
  return [...who.slice(0, CASES_SHOWN).flatMap((one) => storyOf(one, history, truth)), ...lines]
}

/** Whom a breach is about: it begins with a visitor's or tab's name, or holds the id of a conversation. */
function concerned(breach: string, history: History, truth: Truth): string[] {
  const visitor = /: (v\d+)\b/.exec(breach)?.[1]
  if (visitor !== undefined) return [visitor]
  const conversation = truth.conversations.find(({ id }) => breach.includes(id))
  const owner = opsOf(history, 'is').find(({ session }) => session === conversation?.session_id)
  return owner ? [owner.who] : []
}

function storyOf(who: string, history: History, truth: Truth): string[] {
  const sessions = opsOf(history, 'is').flatMap((op) => (op.who === who ? [op.session] : []))
  const ids = truth.conversations.flatMap((one) => (sessions.includes(one.session_id) ? [one.id] : []))
  const ops = history.filter(
    (op) =>
      (op.who === who && !(op.op === 'told' && op.event === 'reply:delta')) ||
      op.who === 'world' ||
      ('conversation' in op && ids.includes(op.conversation)),
  )
  const rows = [truth.messages, truth.turns].flatMap((table) =>
    table.filter((row) => ids.includes(row.conversation_id)).slice(-ROWS_SHOWN),
  )
  const told = rows.map((row) =>
    JSON.stringify(row, (key, value: unknown) => (key === 'content' ? String(value).length : value)),
  )
  return [`${who}:`, ...ops.slice(-OPS_SHOWN).map(describeOp), ...told]
}
