import { startParlor } from './parlor-process.ts'

/** A server in a process of its own, as an operator starts it. */
export interface ServerProcess {
  url: string
  pid: number
  /** Ends it as a power cut would: nothing is saved, nobody is told. */
  kill(): Promise<void>
  /** Asks it to end, and gives its exit code. */
  terminate(): Promise<number | null>
}

/** Starts the server and resolves when it serves; rejects with all it said when it ends before. */
export async function startServer(env: Record<string, string>): Promise<ServerProcess> {
  const parlor = startParlor(['start'], { PORT: '0', ...env })
  const [, url = ''] = await parlor.says(/Demo shop\s+(\S+)\/demo/)
  const end = async (signal: NodeJS.Signals) => {
    parlor.child.kill(signal)
    return (await parlor.ended).code
  }
  return {
    url,
    pid: parlor.child.pid ?? 0,
    async kill() {
      await end('SIGKILL')
    },
    terminate: () => end('SIGTERM'),
  }
}
