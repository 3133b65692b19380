import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'

const ROOT = join(import.meta.dirname, '../..')

/** A server in a process of its own, as an operator starts it. */
export interface ServerProcess {
  url: string
  /** Ends it as a power cut would: nothing is saved, nobody is told. */
  kill(): Promise<void>
  /** Asks it to end, and gives its exit code. */
  terminate(): Promise<number | null>
}

/** Starts the server from source and resolves when it serves; rejects with all it said when it ends before. */
export async function startServer(env: Record<string, string>): Promise<ServerProcess> {
  const child = spawn(process.execPath, ['--import=tsx', 'server/main.ts', 'start'], {
    cwd: ROOT,
    env: { PATH: process.env['PATH'] ?? '', PORT: '0', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const url = await addressOf(child)
  const ended = once(child, 'exit') as Promise<[number | null]>
  const end = async (signal: NodeJS.Signals) => {
    child.kill(signal)
    const [code] = await ended
    return code
  }
  return {
    url,
    async kill() {
      await end('SIGKILL')
    },
    terminate: () => end('SIGTERM'),
  }
}

function addressOf(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let said = ''
    const hear = (chunk: Buffer) => {
      said += chunk.toString()
      const address = /Demo shop\s+(\S+)\/demo/.exec(said)?.[1]
      if (address) resolve(address)
    }
    child.stdout?.on('data', hear)
    child.stderr?.on('data', hear)
    child.once('exit', () => reject(new Error(`the server ended: ${said}`)))
  })
}
