import type { WatchedMessage } from '../../../protocol/admin.ts'
import type { TranscriptPage, TurnTold } from '../../../protocol/conversations.ts'

/** A line of the transcript: what was said, with the turn that it came of, or a turn of which nothing came. */
export type Line =
  | { key: string; kind: 'message'; message: WatchedMessage; turn: TurnTold | undefined }
  | { key: string; kind: 'turn'; turn: TurnTold }

/** Pages in any order as one transcript: answers stand after what they answer, turns without one where they began. */
export function linesOf(pages: readonly Pick<TranscriptPage, 'messages' | 'turns'>[]): Line[] {
  const turns = new Map(pages.flatMap((page) => page.turns.map((turn) => [turn.number, turn] as const)))
  const messages = new Map(
    pages.flatMap((page) => page.messages.map((message) => [message.seq, message] as const)),
  )
  const sorted = [...messages.values()].sort(
    (a, b) => (a.answers_to ?? a.seq) - (b.answers_to ?? b.seq) || a.seq - b.seq,
  )
  const lines = sorted.map((message): Line => {
    const turn = message.turn === undefined ? undefined : turns.get(message.turn)
    return { key: `m${message.seq}`, kind: 'message', message, turn }
  })
  const answered = new Set(sorted.map(({ turn }) => turn))
  const fruitless = [...turns.values()].filter(({ number }) => !answered.has(number))
  return fruitless.length === 0 ? lines : insertTurns(lines, fruitless)
}

function insertTurns(lines: Line[], fruitless: readonly TurnTold[]): Line[] {
  const waiting = fruitless.toSorted((a, b) => a.number - b.number)
  const all: Line[] = []
  for (const line of lines) {
    while (line.kind === 'message' && waiting[0] && waiting[0].opened_at < line.message.created_at)
      all.push(...waiting.splice(0, 1).map(lineOf))
    all.push(line)
  }
  return [...all, ...waiting.map(lineOf)]
}

function lineOf(turn: TurnTold): Line {
  return { key: `t${turn.number}`, kind: 'turn', turn }
}
