import type { CallHearer } from '../../tools/turn/client-calls.ts'
import type { Address, Publisher } from '../publisher.ts'

/** Tells of a turn's calls: the visitor that something is at work, and who watches what was asked and said. */
export function tellCalls(publisher: Publisher, to: Address, turn: number): CallHearer {
  return {
    started(call, given) {
      publisher.publishTool(to, 'tool:start', { seen: { turn, ...call }, arguments: given })
    },
    ended(call, result) {
      publisher.publishTool(to, 'tool:end', { seen: { turn, ...call }, result })
    },
  }
}
