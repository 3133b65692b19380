import type { ConversationContext } from './context.ts'
import type { Address } from './publisher.ts'
import type { ReceivedRow } from './receive-statement.ts'

/**
 * Sees to it that what was just received is answered: by the turn that it opened, which `node` has claimed, or by the
 * one that is open already. Under a person there is none.
 */
export function seeToAnswer(
  { turns, leftTurns }: Pick<ConversationContext, 'turns' | 'leftTurns'>,
  to: Address,
  row: ReceivedRow,
  node: string | null,
): void {
  if (row.opened && node !== null && row.turn !== null && row.epoch !== null) {
    const { turn, epoch, seq: upTo } = row
    turns.take({ to, node, turn, attempt: 1, epoch, upTo, finish: null })
  } else if (row.opened) {
    leftTurns.tell()
  } else if (row.turn_open) {
    turns.messageArrived(to, row.seq)
  }
}
