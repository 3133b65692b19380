import { loadUws } from '../sockets/engine/load-uws.ts'
import { migrations } from '../migrations/index.ts'
import { readConfig, type Config } from './config/config.ts'
import { readEnv } from './config/env.ts'
import { describeFinding, summarize } from './doctor/finding.ts'
import { examine } from './doctor/index.ts'
import { describeFailure } from './failure.ts'
import { run } from './index.ts'
import type { Database } from './infra/database.ts'
import { createLogger } from './infra/logger.ts'
import { createMigrator, type Migrator } from './infra/migrator.ts'
import { openDatabase } from './infra/open-database.ts'
import { seedDemo } from './seed.ts'

const HELP = `npm run parlor -- <command>

  start              start the server (what npm start does)
  migrate [up]       bring the schema up to date
  migrate down [N]   take back the last N migrations (1)
  migrate status     list the migrations, and when each was applied
  seed               add the demo shop and its help pages
  doctor [--online]  look at everything a server needs, and say what to do; --online also asks the model
  help               print this

The environment is described in docs/operations.md and .env.example.`

/** Runs one command of the command line and resolves with the exit code. Failures are told on stderr. */
export async function runCommand(args: readonly string[]): Promise<number> {
  const [command = 'start', ...rest] = args
  try {
    switch (command) {
      case 'start':
        return await run(readConfig(readEnv()))
      case 'migrate':
        return await migrate(rest)
      case 'seed':
        return await withDatabase(async (database) => {
          await createMigrator(database, migrations).migrate()
          await seedDemo(database)
          return say('The demo shop is there: client key pk_demo')
        })
      case 'doctor':
        return await seeDoctor(rest)
      case 'help':
        return say(HELP)
      default:
        return complain(`There is no command "${command}".\n\n${HELP}`)
    }
  } catch (error) {
    return complain(describeFailure(error))
  }
}

async function seeDoctor(args: readonly string[]): Promise<number> {
  const unknown = args.find((word) => word !== '--online')
  if (unknown !== undefined) return complain(`"doctor ${unknown}" is not known.\n\n${HELP}`)
  const findings = await examine({
    env: readEnv(),
    online: args.length > 0,
    loadEngine: loadUws,
    tell: (finding) => void say(describeFinding(finding)),
  })
  say(`\n${summarize(findings)}`)
  return findings.some(({ state }) => state === 'problem') ? 1 : 0
}

async function migrate([direction = 'up', count = '1']: readonly string[]): Promise<number> {
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
      return complain(`"migrate ${direction}" is not known.\n\n${HELP}`)
  }
}

function withMigrator(work: (migrator: Migrator) => Promise<number>): Promise<number> {
  return withDatabase((database) => work(createMigrator(database, migrations)))
}

async function withDatabase(work: (database: Database) => Promise<number>): Promise<number> {
  const config: Config = readConfig(readEnv())
  const settings = { ...config.database, dir: config.data.dir }
  const database = await openDatabase(settings, createLogger(config.log), (error) => {
    throw error
  })
  try {
    return await work(database)
  } finally {
    await database.close()
  }
}

function list(what: string, names: readonly string[]): string {
  return names.length === 0 ? 'Nothing to do.' : names.map((name) => `${what} ${name}`).join('\n')
}

function say(text: string): number {
  process.stdout.write(`${text}\n`)
  return 0
}

function complain(text: string): number {
  process.stderr.write(`${text}\n`)
  return 1
}
