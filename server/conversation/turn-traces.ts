import type { Database, Statement } from '../infra/database.ts'
import { DatabaseUnavailable } from '../infra/database.ts'
import { keptJson } from '../infra/kept-json.ts'
import type { Logger } from '../infra/logger.ts'
import type { TracedCall } from '../llm/models.ts'
import type { ClaimedTurn } from './claim.ts'

/**
 * Keeps the calls of models that a turn of a test chat makes, for people to look at. One that cannot be kept is missing
 * there, and nothing else.
 */
export class TurnTraces {
  readonly #parts: { database: Pick<Database, 'run'>; log: Logger }
  readonly #turn: Pick<ClaimedTurn, 'to' | 'turn' | 'attempt'>
  #saving: Promise<void> = Promise.resolve()

  constructor(
    parts: { database: Pick<Database, 'run'>; log: Logger },
    turn: Pick<ClaimedTurn, 'to' | 'turn' | 'attempt'>,
  ) {
    this.#parts = parts
    this.#turn = turn
  }

  /** Begins to save a call, after those before it. */
  readonly add = (call: TracedCall): void => {
    this.#saving = this.#saving.then(() => this.#save(call))
  }

  /** Resolves when all of them are kept, or cannot be. Never rejects. */
  settled(): Promise<void> {
    return this.#saving
  }

  async #save(call: TracedCall): Promise<void> {
    const { database, log } = this.#parts
    try {
      await database.run(SAVE, valuesOf(this.#turn, call))
    } catch (error) {
      if (error instanceof DatabaseUnavailable) log.debug({ reason: error.message }, 'a call was not traced')
      else log.error({ err: error }, 'a call was not traced')
    }
  }
}

/** Two owners of one turn may trace at once: then the later one is missing. */
const SAVE: Statement = {
  name: 'conversation/save-model-call',
  text: `
    INSERT INTO model_calls (conversation_id, number, turn, attempt, provider, model, request, answer, fault, wire,
      tokens_input, tokens_output, tokens_cached, estimated, cost, first_word_ms, total_ms)
    SELECT $1::uuid, coalesce(max(number), 0) + 1, $2::int, $3::int, $4::text, $5::text, $6::jsonb, $7::jsonb, $8::text,
      $9::jsonb, $10::int, $11::int, $12::int, $13::boolean, $14::numeric, $15::int, $16::int
    FROM model_calls WHERE conversation_id = $1::uuid
    ON CONFLICT DO NOTHING`,
}

function valuesOf(
  { to, turn, attempt }: Pick<ClaimedTurn, 'to' | 'turn' | 'attempt'>,
  { provider, model, request, answer, fault, wire, spent, firstWordMs, totalMs }: TracedCall,
): unknown[] {
  const { system, messages, tools, mayCall, parameters, locale, time_zone } = request
  const asked = { system, messages, tools, mayCall, parameters, locale, time_zone }
  const { input = 0, output = 0, cached = 0, estimated = false } = spent?.usage ?? {}
  return [
    ...[to.conversation_id, turn, attempt, provider, model],
    ...[keptJson(asked), answer && keptJson(answer), fault?.toWellFormed() ?? null, keptJson(wire)],
    ...[input, output, cached, estimated, spent?.cost ?? 0],
    ...[firstWordMs === null ? null : Math.round(firstWordMs), Math.round(totalMs)],
  ]
}
