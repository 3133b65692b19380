/** Runs the commands that are given as JSON, one after the other, in one process; after each, a line with its exit code. */
import { runCommand } from '../../server/cli.ts'
import { END } from './commands.ts'

for (const args of JSON.parse(process.argv[2] ?? '[]') as string[][]) {
  const code = await runCommand(args)
  process.stdout.write(`${END}${String(code)}\n`)
  process.stderr.write(`${END}\n`)
}
