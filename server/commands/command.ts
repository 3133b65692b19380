/** One command of the command line. What it cannot do it says on stderr; what it throws is told there too. */
export interface Command {
  /** How it is called and what it does: the lines of the help, one per form. */
  help: readonly [form: string, does: string][]
  /** Resolves with the exit code. */
  run(args: readonly string[]): Promise<number>
}

/** Tells the operator, and is the exit code of having succeeded. */
export function say(text: string): 0 {
  process.stdout.write(`${text}\n`)
  return 0
}

/** Tells the operator what is wrong, and is the exit code of having failed. */
export function complain(text: string): 1 {
  process.stderr.write(`${text}\n`)
  return 1
}

/** As `complain`, with how the command is called. */
export function complainOfUse(text: string, { help }: Pick<Command, 'help'>): 1 {
  return complain(`${text}\n\n${describeForms(help)}`)
}

/** The help's lines of a command; a long form has a line of its own. */
export function describeForms(help: Command['help']): string {
  return help.map(([form, does]) => `  ${form.padEnd(18)}${beside(form)}${does}`).join('\n')
}

function beside(form: string): string {
  return form.length > 18 ? `\n${' '.repeat(21)}` : ' '
}
