import type { ModelCall } from '../llm/models.ts'

/** What one model spent in a turn, as `turns.spent` keeps it. */
export interface ModelSpending {
  provider: string
  model: string
  tokens_input: number
  tokens_output: number
  /** Part of the input that the vendor had in its cache. */
  tokens_cached: number
  /** Part of all tokens that we counted ourselves, since the vendor did not tell. */
  tokens_estimated: number
  /** US dollars. */
  cost: number
}

export type Spending = Omit<ModelSpending, 'provider' | 'model'> & {
  /** In the order of their names: statements that add to the same rows then never wait for each other in a circle. */
  byModel: ModelSpending[]
}

/** The calls of a turn added up, in all and for each model. */
export function sumUp(calls: readonly ModelCall[]): Spending {
  const total: Spending = { ...nothing(), byModel: [] }
  for (const call of calls) {
    let row = total.byModel.find(({ provider, model }) => provider === call.provider && model === call.model)
    if (!row) {
      row = { provider: call.provider, model: call.model, ...nothing() }
      total.byModel.push(row)
    }
    add(row, call)
    add(total, call)
  }
  total.byModel.sort((a, b) => compare(a.provider, b.provider) || compare(a.model, b.model))
  return total
}

function nothing(): Omit<ModelSpending, 'provider' | 'model'> {
  return { tokens_input: 0, tokens_output: 0, tokens_cached: 0, tokens_estimated: 0, cost: 0 }
}

function add(sum: Omit<ModelSpending, 'provider' | 'model'>, { usage, cost }: ModelCall): void {
  sum.tokens_input += usage.input
  sum.tokens_output += usage.output
  sum.tokens_cached += usage.cached
  sum.tokens_estimated += usage.estimated ? usage.input + usage.output : 0
  sum.cost += cost
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

/**
 * SQL that adds the spending in the parameter `spent` to the days of its models. `from` gives one row: client_id,
 * the moment `at` that says which day, and how many `turns` to count for each model.
 */
export function addToModels(from: string, spent: string): string {
  return `
      INSERT INTO usage_by_model AS a (client_id, date, provider, model, turns, tokens_input, tokens_output,
        tokens_cached, tokens_estimated, cost_estimate)
      SELECT client_id, (at AT TIME ZONE 'UTC')::date, s.provider, s.model, turns, s.tokens_input, s.tokens_output,
        s.tokens_cached, s.tokens_estimated, s.cost
      FROM ${from} CROSS JOIN jsonb_to_recordset(${spent}::jsonb) AS s(provider text, model text, tokens_input int,
        tokens_output int, tokens_cached int, tokens_estimated int, cost numeric)
      ORDER BY s.provider, s.model
      ON CONFLICT (client_id, date, provider, model) DO UPDATE SET turns = a.turns + EXCLUDED.turns,
        tokens_input = a.tokens_input + EXCLUDED.tokens_input, tokens_output = a.tokens_output + EXCLUDED.tokens_output,
        tokens_cached = a.tokens_cached + EXCLUDED.tokens_cached,
        tokens_estimated = a.tokens_estimated + EXCLUDED.tokens_estimated,
        cost_estimate = a.cost_estimate + EXCLUDED.cost_estimate`
}
