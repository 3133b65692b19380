import type { Models } from '../../models/index.ts'
import type { Database } from '../infra/database.ts'
import type { Logger } from '../infra/logger.ts'
import type { Outbound } from '../infra/outbound/index.ts'
import type { Secrets } from '../infra/secrets.ts'
import type { CompileSchema } from '../infra/validate.ts'

/** What keeping tools needs, wherever they come from. */
export interface DeskParts {
  database: Database
  /** Bound to `database`. */
  models: Models
  compile: CompileSchema
  secrets: Secrets
  outbound: Outbound
  /** Pairs of host and port that may be private: the operator's. */
  allow: readonly string[]
  log: Logger
}
