import type { Witness } from '../witness.ts'
import { groupBy } from './groups.ts'
import type { Kept } from './kept.ts'

/**
 * Nobody takes a turn from a node whose lease lives. A lapsed lease never revives, so the last time limit of who lost
 * a turn is no later than its loss.
 */
export function* livingNodesAreNotRobbed(kept: Kept, witness: Witness): Iterable<string> {
  const leases = new Map(kept.nodes.map((node) => [node.id, node.lease_until.getTime()]))
  const byTurn = groupBy(witness.ownerships, (one) => `${one.conversation}.${one.turn}`)
  for (const [turn, owners] of byTurn) {
    const inOrder = owners.toSorted((a, b) => a.attempt - b.attempt)
    for (const [index, next] of inOrder.entries()) {
      const owner = inOrder[index - 1]
      if (!owner) continue
      if (owner.attempt === next.attempt) yield `attempt ${next.attempt} of turn ${turn} was given out twice`
      if (owner.node === next.node || owner.attempt + 1 !== next.attempt) continue
      const until = leases.get(owner.node)
      if (until === undefined || until > next.at)
        yield `attempt ${next.attempt} of turn ${turn} was taken from a node that lived`
    }
  }
}
