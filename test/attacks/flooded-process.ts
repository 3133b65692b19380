import { fork } from 'node:child_process'
import { once } from 'node:events'
import { programOf } from '../support/program.ts'
import type { Question, Told } from './flooded-server.ts'

/** A server in a process of its own, so that its memory and its death are its own. */
export interface FloodedProcess {
  url: string
  port: number
  /** Bytes of resident memory, after garbage was collected. */
  memory(): Promise<number>
  /** What the process complained of; rejects when it has died. */
  complaints(): Promise<string[]>
  close(): Promise<void>
}

export async function startFloodedServer(): Promise<FloodedProcess> {
  const { options, file } = programOf('test/attacks/flooded-server.ts')
  const child = fork(file, {
    execArgv: [...options, '--expose-gc'],
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  })
  const died = once(child, 'exit').then(([code, signal]) => {
    throw new Error(`the server died: ${String(code ?? signal)}`)
  })
  died.catch(() => undefined)
  const waiting = new Map<number, (answer: unknown) => void>()
  child.on('message', ({ id, answer }: Told) => waiting.get(id)?.(answer))
  const told = (id: number) =>
    Promise.race([new Promise<unknown>((resolve) => waiting.set(id, resolve)), died])
  let questions = 0
  const ask = (what: Question['ask']) => {
    const id = ++questions
    child.send({ id, ask: what } satisfies Question)
    return told(id)
  }
  const url = (await told(0)) as string
  return {
    url,
    port: Number(new URL(url).port),
    memory: async () => (await ask('memory')) as number,
    complaints: async () => (await ask('complaints')) as string[],
    async close() {
      await ask('close')
      child.disconnect()
      await died.catch(() => undefined)
    },
  }
}
