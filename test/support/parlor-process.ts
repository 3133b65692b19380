import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { NO_OLLAMA } from './no-ollama.ts'
import { programOf } from './program.ts'
import { SHARED_SECRETS } from './shared-secrets.ts'

const ROOT = join(import.meta.dirname, '../..')

/** How long a child may take to say what is waited for, in milliseconds; it may be loaded from source, beside much else. */
const SAYS_MS = 60_000

export interface ParlorProcess {
  child: ChildProcess
  /** Everything it wrote so far. */
  said: { out: string; err: string }
  /** Resolves with the match as soon as its output has it. */
  says(pattern: RegExp): Promise<RegExpExecArray>
  ended: Promise<{ code: number | null; signal: NodeJS.Signals | null }>
}

/**
 * Starts `server/main.ts`, or a program of a test, as a process of its own, with nothing in its environment but PATH and
 * what is given; it finds no Ollama.
 */
export function startParlor(
  args: readonly string[],
  env: Record<string, string>,
  program = 'server/main.ts',
): ParlorProcess {
  const { options, file } = programOf(program)
  const child = spawn(process.execPath, [...options, file, ...args], {
    cwd: ROOT,
    env: {
      PATH: process.env['PATH'],
      HOME: process.env['HOME'],
      LOG_LEVEL: 'silent',
      OLLAMA_HOST: NO_OLLAMA,
      ...('DATABASE_URL' in env && SHARED_SECRETS),
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const said = { out: '', err: '' }
  child.stdout.setEncoding('utf8').on('data', (text: string) => (said.out += text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said.err += text))
  const ended = once(child, 'close').then(([code, signal]) => ({
    code: code as number | null,
    signal: signal as NodeJS.Signals | null,
  }))
  return { child, said, ended, says: (pattern) => waitFor(child, said, pattern) }
}

/** Runs a command to its end. */
export async function runParlor(args: readonly string[], env: Record<string, string>) {
  const { said, ended } = startParlor(args, env)
  return { ...(await ended), ...said }
}

async function waitFor(child: ChildProcess, said: { out: string; err: string }, pattern: RegExp) {
  const signal = AbortSignal.timeout(SAYS_MS)
  for (;;) {
    const match = pattern.exec(said.out)
    if (match) return match
    if (child.exitCode !== null) throw new Error(`It ended before it said ${pattern.source}: ${said.err}`)
    await Promise.race([once(child.stdout!, 'data', { signal }), once(child, 'exit', { signal })])
  }
}
