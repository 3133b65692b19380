import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { programOf } from '../../test/support/program.ts'

const ROOT = join(import.meta.dirname, '../..')

/** How long a process may take to say that it is ready, and to end when it is asked to, in milliseconds. */
const READY_MS = 60_000
const END_MS = 30_000

/**
 * Where a process runs: what is measured has a core for itself, and whoever asks it shares the others. `anywhere` where
 * the system cannot pin, or has one core.
 */
export type Place = 'measured' | 'beside' | 'anywhere'

export interface ProcessParts {
  /** What Node runs, from the project's folder: its own options first. */
  parameters: readonly string[]
  env?: Record<string, string>
  place?: Place
  /** Whether parent and child call each other (`calls.ts`). */
  calls?: boolean
}

/** A process of the bench. */
export interface BenchProcess {
  child: ChildProcess
  pid: number
  /** The first match in what it writes. Rejects with all it wrote when it ends before. */
  says(pattern: RegExp): Promise<RegExpExecArray>
  /** SIGTERM, and SIGKILL where that is not enough. */
  end(): Promise<void>
}

/** Starts Node with nothing in its environment but PATH, HOME and what is given. */
export function startProcess({
  parameters,
  env = {},
  place = 'anywhere',
  calls,
}: ProcessParts): BenchProcess {
  const [program = '', ...rest] = [...pinned(place), process.execPath, ...parameters]
  const child = spawn(program, rest, {
    cwd: ROOT,
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'], ...env },
    stdio: ['ignore', 'pipe', 'pipe', ...(calls ? (['ipc'] as const) : [])],
  })
  const kill = () => child.kill('SIGKILL')
  process.once('exit', kill)
  child.once('exit', () => process.off('exit', kill))
  let said = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => {
      if (said.length < 100_000) said += text
    })
  }
  return {
    child,
    pid: child.pid ?? 0,
    says: (pattern) => waitFor(child, () => said, pattern),
    end: () => end(child),
  }
}

/** A program of the bench itself, which is TypeScript. */
export function ownProgram(name: string): string[] {
  const { options, file } = programOf(join('bench', name))
  return [...options, file]
}

/** Whether what is measured can have a core of its own here. */
export function canPin(): boolean {
  return availableParallelism() > 1 && spawnSync('taskset', ['--version']).status === 0
}

function pinned(place: Place): string[] {
  if (place === 'anywhere') return []
  const last = availableParallelism() - 1
  return ['taskset', '-c', place === 'measured' ? String(last) : `0-${last - 1}`]
}

async function waitFor(child: ChildProcess, said: () => string, pattern: RegExp): Promise<RegExpExecArray> {
  const signal = AbortSignal.timeout(READY_MS)
  for (;;) {
    const match = pattern.exec(said())
    if (match) return match
    if (child.exitCode !== null) throw new Error(`It ended before it said ${pattern.source}: ${said()}`)
    await new Promise<void>((resolve, reject) => {
      const late = () => reject(new Error(`It did not say ${pattern.source} in time: ${said()}`))
      signal.addEventListener('abort', late, { once: true })
      const again = () => {
        signal.removeEventListener('abort', late)
        resolve()
      }
      child.stdout?.once('data', again)
      child.once('exit', again)
    })
  }
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const exit = once(child, 'exit')
  const timer = setTimeout(() => child.kill('SIGKILL'), END_MS)
  child.kill('SIGTERM')
  await exit
  clearTimeout(timer)
}
