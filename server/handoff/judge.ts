import type { OnTurnEnded, TurnEnded } from '../conversation/turn-ended.ts'
import { DatabaseUnavailable, type Statement } from '../infra/database.ts'
import { askForPerson } from './ask.ts'
import type { HandoffContext } from './context.ts'

/**
 * How many turns in a row have failed, up to this one, since a person was last asked for. Turns that were stopped or
 * interrupted count for nothing, nor do those that a limit of the visitor's refused. $1 conversation $2 turn
 */
const FAILED_IN_A_ROW: Statement = {
  name: 'handoff/failed-in-a-row',
  text: `
    SELECT count(*)::int AS failed FROM turns t JOIN conversations v ON v.id = t.conversation_id
    WHERE t.conversation_id = $1::uuid AND t.number BETWEEN v.handoff_turn AND $2::int
      AND t.state = 'failed' AND t.error IS DISTINCT FROM 'visitor_limit'
      AND NOT EXISTS (
        SELECT FROM turns later WHERE later.conversation_id = $1::uuid AND later.number > t.number
          AND later.number <= $2::int AND later.state = 'complete'
      )`,
}

/** What rules give as their reason: words for the people of the business. */
const REASONS = {
  calls: 'A tool failed again and again.',
  answers: 'Answers failed one after the other.',
} as const

/** The rules by which a conversation goes to a person without anybody asking. */
export class Judge {
  readonly #context: HandoffContext
  readonly #judging = new Set<Promise<void>>()

  constructor(context: HandoffContext) {
    this.#context = context
  }

  /** Judges the turn in the background. Most went well, and cost nothing. */
  readonly turnEnded: OnTurnEnded = (ended) => {
    const { limits, log } = this.#context
    const isRefused = ended.failure === 'visitor_limit'
    if ((ended.status !== 'failed' || isRefused) && ended.failedCalls === 0) return
    if (this.#judging.size >= limits.judgedAtOnce) {
      log.warn({ code: 'handoff_not_judged', turn: ended.turn }, 'too many failed turns to judge at once')
      return
    }
    const work = this.#judge(ended)
      .catch((error: unknown) => {
        if (error instanceof DatabaseUnavailable)
          log.debug({ reason: error.message }, 'a turn was not judged')
        else log.error({ err: error }, 'a turn was not judged')
      })
      .finally(() => this.#judging.delete(work))
    this.#judging.add(work)
  }

  /** Resolves when nothing is being judged. */
  async settled(): Promise<void> {
    while (this.#judging.size > 0) await Promise.all(this.#judging)
  }

  async #judge(ended: TurnEnded): Promise<void> {
    const reason = await this.#reasonFor(ended)
    if (reason === null) return
    await askForPerson(this.#context, ended.to, { by: 'rule', reason, key: `${String(ended.turn)}.rule` })
  }

  async #reasonFor({ to, turn, status, failedCalls }: TurnEnded): Promise<string | null> {
    const { offered, failed_calls, failed_answers } = await this.#context.readRules(to.client_id)
    if (!offered) return null
    if (failed_calls > 0 && failedCalls >= failed_calls) return REASONS.calls
    if (failed_answers === 0 || status !== 'failed') return null
    const values = [to.conversation_id, turn]
    const [row] = await this.#context.database.run<{ failed: number }>(FAILED_IN_A_ROW, values)
    return row && row.failed >= failed_answers ? REASONS.answers : null
  }
}
