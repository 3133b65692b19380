import type { Answer, Calls } from './calls.ts'
import { ownProgram, startProcess, type Place } from './start-process.ts'

/** A process of the bench that its parent calls. */
export interface Helper<C extends Calls> {
  pid: number
  /** Rejects with what the child's handler threw, or when the child ends. */
  call<K extends keyof C & string>(name: K, given: C[K]['given']): Promise<C[K]['gives']>
  end(): Promise<void>
}

interface Waiting {
  resolve: (gives: unknown) => void
  reject: (error: Error) => void
}

/** Starts a program of the bench that ends with `serveCalls`; resolves when it does. */
export async function startHelper<C extends Calls>(
  file: string,
  { parameters = [], place }: { parameters?: readonly string[]; place: Place },
): Promise<Helper<C>> {
  const process = startProcess({
    parameters: [...ownProgram(file), ...parameters],
    place,
    calls: true,
  })
  const { child, pid } = process
  let wrote = ''
  child.stderr?.on('data', (text: string) => (wrote += text))
  const waiting = new Map<number, Waiting>()
  let asked = 0
  child.on('message', (answer: Answer) => {
    const one = waiting.get(answer.id)
    waiting.delete(answer.id)
    if ('failed' in answer) one?.reject(new Error(answer.failed))
    else one?.resolve(answer.gives)
  })
  child.once('exit', () => {
    for (const { reject } of waiting.values()) reject(new Error(`${file} ended: ${wrote}`))
    waiting.clear()
  })
  const answered = (id: number) =>
    new Promise<unknown>((resolve, reject) => waiting.set(id, { resolve, reject }))
  await answered(0)
  return {
    pid,
    call: (name, given) => {
      asked++
      const answer = answered(asked)
      child.send({ id: asked, name, given })
      return answer
    },
    end: () => process.end(),
  }
}
