import type { ClientDirectory } from '../auth/client-directory.ts'
import type { Publisher } from '../conversation/publisher.ts'
import type { Database } from '../infra/database.ts'
import type { Logger } from '../infra/logger.ts'
import type { RateLimits } from '../infra/rate-limit.ts'
import type { HandoffLimits } from './limits.ts'
import type { QueueWatch } from './queue-watch.ts'
import type { ReadRules } from './read-rules.ts'
import type { ReadTeam } from './team.ts'

/** What the functions of this folder are handed; built once, in `index.ts`. */
export interface HandoffContext {
  database: Database
  publisher: Publisher
  directory: ClientDirectory
  rates: RateLimits
  limits: HandoffLimits
  log: Logger
  readRules: ReadRules
  readTeam: ReadTeam
  watch: QueueWatch
}
