import { migrations } from '../../migrations/index.ts'
import { seedDemoTools } from '../demo/seed-tools.ts'
import { createLogger } from '../infra/logger.ts'
import { createMigrator } from '../infra/migrator.ts'
import { seedDemo } from '../seed.ts'
import { say, type Command } from './command.ts'
import { withAnySchema } from './with-database.ts'

export const seed: Command = {
  help: [['seed', 'add the demo shop and its help pages; where SEED_DEMO is true its tools, too']],
  run: () =>
    withAnySchema(async (database, config) => {
      await createMigrator(database, migrations).migrate()
      await seedDemo(database)
      // Elsewhere nobody answers their calls.
      if (config.seedDemo) await seedDemoTools(database, config, createLogger(config.log))
      return say('The demo shop is there: client key pk_demo')
    }),
}
