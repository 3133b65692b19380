import { runCommand } from './cli.ts'

// The one file that does something when it is imported. What is still open is of no more use: the answer was given.
process.exit(await runCommand(process.argv.slice(2)))
