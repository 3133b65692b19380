import { migrations } from '../../migrations/index.ts'
import { createMigrator } from '../infra/migrator.ts'
import { seedDemo, seedDemoTools } from '../seed.ts'
import { say, type Command } from './command.ts'
import { withAnySchema } from './with-database.ts'

export const seed: Command = {
  help: [['seed', 'add the demo shop and its help pages']],
  run: () =>
    withAnySchema(async (database, config) => {
      await createMigrator(database, migrations).migrate()
      await seedDemo(database)
      // Elsewhere nobody answers their calls.
      if (config.seedDemo) await seedDemoTools(database, config)
      return say('The demo shop is there: client key pk_demo')
    }),
}
