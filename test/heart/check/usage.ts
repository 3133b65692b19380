import { groupBy } from './groups.ts'
import type { Kept, KeptSpending, KeptTurn } from './kept.ts'

type Tokens = Pick<KeptSpending, 'tokens_input' | 'tokens_output' | 'tokens_cached'>

/** What was counted is the sum of what was spent, call by call: answers and summaries. */
export function* usageAgrees(kept: Kept): Iterable<string> {
  const turns = groupBy(kept.turns, (turn) => turn.conversation_id)
  for (const turn of kept.turns)
    yield* differences(`turn ${turn.number} of ${turn.conversation_id}`, tokensOf(turn), sum(turn.spent))
  for (const conversation of kept.conversations) {
    const { tokens_input, tokens_output } = sum(turns.get(conversation.id) ?? [])
    if (Number(conversation.tokens_total) !== tokens_input + tokens_output)
      yield `${conversation.id} counts ${conversation.tokens_total} tokens of ${tokens_input + tokens_output}`
  }
  const days = new Map(kept.usage.map((row) => [row.client_id, row]))
  for (const [client, conversations] of groupBy(kept.conversations, (one) => one.client_id)) {
    const own = conversations.flatMap((one) => turns.get(one.id) ?? [])
    const { tokens_input, tokens_output } = sum(own)
    const day = days.get(client)
    const message_count = own.filter((turn) => turn.message_seq !== null).length
    const spent = { conversation_count: conversations.length, message_count, tokens_input, tokens_output }
    yield* differences(`client ${client}`, numbers(day ?? {}), spent)
    yield* modelsAgree(kept, client, own)
  }
}

function* modelsAgree(kept: Kept, client: string, turns: KeptTurn[]): Iterable<string> {
  const spent = groupBy(
    turns.flatMap((turn) => turn.spent),
    (one) => one.model,
  )
  const rows = kept.modelUsage.filter((row) => row.client_id === client)
  for (const model of new Set([...spent.keys(), ...rows.map((row) => row.model)])) {
    const own = spent.get(model) ?? []
    const answers = own.filter((one) => one.summary === undefined).length
    const counted = numbers(rows.find((row) => row.model === model) ?? {})
    yield* differences(`client ${client}, ${model}`, counted, { turns: answers, ...sum(own) })
  }
}

function* differences(
  of: string,
  counted: Readonly<Record<string, number>>,
  is: Readonly<Record<string, number>>,
): Iterable<string> {
  for (const [name, value] of Object.entries(is))
    if ((counted[name] ?? 0) !== value) yield `${of} counts ${counted[name] ?? 0} ${name} of ${value}`
}

function numbers(row: object): Record<string, number> {
  return Object.fromEntries(Object.entries(row).map(([name, value]) => [name, Number(value)]))
}

function tokensOf({ tokens_input, tokens_output, tokens_cached }: Tokens): Tokens {
  return { tokens_input, tokens_output, tokens_cached }
}

function sum(spent: readonly Tokens[]): Tokens {
  const total = { tokens_input: 0, tokens_output: 0, tokens_cached: 0 }
  for (const one of spent) {
    total.tokens_input += one.tokens_input
    total.tokens_output += one.tokens_output
    total.tokens_cached += one.tokens_cached
  }
  return total
}
