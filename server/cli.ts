import { admin } from './commands/admin.ts'
import { archive } from './commands/archive.ts'
import { client } from './commands/client.ts'
import { complain, describeForms, say, type Command } from './commands/command.ts'
import { doctor } from './commands/doctor.ts'
import { hold } from './commands/hold.ts'
import { identity } from './commands/identity.ts'
import { integration } from './commands/integration.ts'
import { key } from './commands/key.ts'
import { knowledge } from './commands/knowledge.ts'
import { mcp } from './commands/mcp.ts'
import { migrate } from './commands/migrate.ts'
import { retention } from './commands/retention.ts'
import { secrets } from './commands/secrets.ts'
import { seed } from './commands/seed.ts'
import { start } from './commands/start.ts'
import { tool } from './commands/tool.ts'
import { usage } from './commands/usage.ts'
import { visitor } from './commands/visitor.ts'
import { widget } from './commands/widget.ts'
import { describeFailure } from './failure.ts'

const help: Command = {
  help: [['help', 'print this']],
  run: () => Promise.resolve(say(describeAll())),
}

/** Every command there is, in the order of the help. */
const COMMANDS: ReadonlyMap<string, Command> = new Map(
  Object.entries({
    start,
    migrate,
    seed,
    client,
    widget,
    admin,
    knowledge,
    tool,
    integration,
    mcp,
    key,
    identity,
    secrets,
    retention,
    archive,
    hold,
    visitor,
    usage,
    doctor,
    help,
  }),
)

/** Runs one command of the command line and resolves with the exit code. Failures are told on stderr. */
export async function runCommand(args: readonly string[]): Promise<number> {
  const [name = 'start', ...rest] = args
  const command = COMMANDS.get(name)
  if (!command) return complain(`There is no command "${name}".\n\n${describeAll()}`)
  try {
    return await command.run(rest)
  } catch (error) {
    return complain(describeFailure(error))
  }
}

function describeAll(): string {
  const forms = [...COMMANDS.values()].map((command) => describeForms(command.help))
  return `npm run parlor -- <command>

${forms.join('\n')}

The environment is described in docs/operations.md and .env.example.`
}
