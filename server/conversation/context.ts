import type { Database } from '../infra/database.ts'
import type { Logger } from '../infra/logger.ts'
import type { Models } from '../llm/models.ts'
import type { QuestionWatch } from '../tools/turn/confirm/question-watch.ts'
import type { Checkpoints } from './checkpoints.ts'
import type { ContextCache } from './context-cache.ts'
import type { NodeLease } from './node-lease.ts'
import type { LeftTurns } from './left-turns.ts'
import type { TurnLimits } from './limits.ts'
import type { OtherNodes } from './other-nodes.ts'
import type { Publisher } from './publisher.ts'
import type { Saturation } from './saturation.ts'
import type { Summaries } from './summaries.ts'
import type { TurnRunner } from './turn-runner.ts'
import type { Typing } from './typing.ts'

/** What the functions of this folder are handed; built once, in `index.ts`. */
export interface ConversationContext {
  database: Database
  publisher: Publisher
  models: Models
  limits: TurnLimits
  log: Logger
  lease: NodeLease
  turns: TurnRunner
  /** The calls that wait for their visitors here. */
  questions: QuestionWatch
  others: OtherNodes
  typing: Typing
  checkpoints: Checkpoints
  leftTurns: LeftTurns
  saturation: Saturation
  contexts: ContextCache
  summaries: Summaries
}
