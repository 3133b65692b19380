import { startParlor } from '../support/parlor-process.ts'

/** What stands after the output of each command. */
export const END = '\u0004'

export interface Ran {
  code: number
  out: string
  err: string
}

/** Runs commands one after the other, as an operator does, in one process: starting each anew would cost most of the time. */
export async function runCommands(
  commands: readonly (readonly string[])[],
  env: Record<string, string>,
): Promise<Ran[]> {
  const { said, ended } = startParlor([JSON.stringify(commands)], env, 'test/commands/run-commands.ts')
  await ended
  const outs = said.out.split(END)
  const errs = said.err.split(END)
  if (outs.length !== commands.length + 1) throw new Error(`the commands broke off: ${said.err}`)
  return commands.map((_command, place) => ({
    code: Number.parseInt(outs[place + 1]!, 10),
    out: outs[place]!.replace(/^\d+\n/, ''),
    err: errs[place]!.replace(/^\n/, ''),
  }))
}
