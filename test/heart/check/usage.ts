import { groupBy } from './groups.ts'
import type { Kept, KeptTurn } from './kept.ts'

/** What was counted is the sum of what was spent. */
export function* usageAgrees(kept: Kept): Iterable<string> {
  const turns = groupBy(kept.turns, (turn) => turn.conversation_id)
  for (const conversation of kept.conversations) {
    const spent = sums(turns.get(conversation.id) ?? [])
    if (Number(conversation.tokens_total) !== spent.input + spent.output)
      yield `${conversation.id} counts ${conversation.tokens_total} tokens of ${spent.input + spent.output}`
  }
  const days = new Map(kept.usage.map((row) => [row.client_id, row]))
  const models = new Map(kept.modelUsage.map((row) => [row.client_id, row]))
  for (const [client, conversations] of groupBy(kept.conversations, (one) => one.client_id)) {
    const spent = sums(conversations.flatMap((one) => turns.get(one.id) ?? []))
    const day = days.get(client)
    const model = models.get(client)
    const pairs: [string, string | undefined, number][] = [
      ['conversations', day?.conversation_count, conversations.length],
      ['answers', day?.message_count, spent.ended],
      ['input tokens', day?.tokens_input, spent.input],
      ['output tokens', day?.tokens_output, spent.output],
      ['turns by model', model?.turns, spent.ended],
      ['input tokens by model', model?.tokens_input, spent.input],
      ['output tokens by model', model?.tokens_output, spent.output],
      ['cached tokens by model', model?.tokens_cached, spent.cached],
    ]
    for (const [name, counted, is] of pairs)
      if (Number(counted ?? 0) !== is) yield `client ${client} counts ${String(counted)} ${name} of ${is}`
  }
}

function sums(turns: KeptTurn[]): { ended: number; input: number; output: number; cached: number } {
  const total = { ended: 0, input: 0, output: 0, cached: 0 }
  for (const turn of turns) {
    total.ended += Number(turn.message_seq !== null)
    total.input += turn.tokens_input
    total.output += turn.tokens_output
    total.cached += turn.tokens_cached
  }
  return total
}
