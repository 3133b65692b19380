import { migrations } from '../../migrations/index.ts'
import { createMigrator, type Migrator } from '../infra/migrator.ts'
import { complain, complainOfUse, say, type Command } from './command.ts'
import { withAnySchema } from './with-database.ts'

export const migrate: Command = {
  help: [
    ['migrate [up]', 'bring the schema up to date'],
    ['migrate down [N]', 'take back the last N migrations (1)'],
    ['migrate status', 'list the migrations, and when each was applied'],
  ],
  async run([direction = 'up', count = '1']) {
    switch (direction) {
      case 'up':
        return withMigrator(async (migrator) => say(list('applied', await migrator.migrate())))
      case 'down':
        if (!/^[1-9]\d{0,3}$/.test(count)) return complain(`"${count}" is no number of migrations.`)
        return withMigrator(async (migrator) => say(list('taken back', await migrator.revert(Number(count)))))
      case 'status':
        return withMigrator(async (migrator) => {
          const lines = (await migrator.status()).map(
            ({ name, applied_at }) => `${name.padEnd(32)}${applied_at?.toISOString() ?? 'not applied'}`,
          )
          return say(lines.join('\n'))
        })
      default:
        return complainOfUse(`"migrate ${direction}" is not known.`, migrate)
    }
  },
}

function withMigrator(work: (migrator: Migrator) => Promise<number>): Promise<number> {
  return withAnySchema((database) => work(createMigrator(database, migrations)))
}

function list(what: string, names: readonly string[]): string {
  return names.length === 0 ? 'Nothing to do.' : names.map((name) => `${what} ${name}`).join('\n')
}
