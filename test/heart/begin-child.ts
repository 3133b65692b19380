import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import type { ConversationHeart } from '../../server/conversation/index.ts'
import { DatabaseUnavailable } from '../../server/infra/database.ts'
import { programOf } from '../support/program.ts'
import type { FromChild, ToChild } from './child-protocol.ts'
import { NodeGone } from './heart-node.ts'
import type { Witness } from './witness.ts'
import type { Node } from './world.ts'

type Heart = Pick<ConversationHeart, 'conversations' | 'agents' | 'results'>

interface Waiting {
  resolve: (value: unknown) => void
  reject: (error: Error) => void
}

/** Starts a node as a process of its own: frozen by SIGSTOP, killed by SIGKILL. */
export async function beginChild(parts: {
  url: string
  name: string
  seed: number
  witness: Witness
}): Promise<Node> {
  const { url, name, seed, witness } = parts
  const { options, file } = programOf('test/heart/child.ts')
  const child = fork(file, { execArgv: options, serialization: 'advanced' })
  const waiting = new Map<number, Waiting>()
  const started = new Promise<void>((resolve, reject) => {
    child.on('message', (told: FromChild) => {
      if (told.kind === 'started') resolve()
      else hear(told, waiting, witness)
    })
    child.once('exit', () => {
      const gone = new NodeGone(`${name} is no more`)
      reject(gone)
      for (const one of waiting.values()) one.reject(gone)
    })
  })
  tell(child, { kind: 'start', url, name, seed })
  await started
  const [conversations, agents, results] = (['conversations', 'agents', 'results'] as const).map(verbsOf)
  const heart = { conversations, agents, results } as unknown as Heart
  let asked = 0

  function verbsOf(part: keyof Heart): object {
    return new Proxy(
      {},
      {
        get:
          (_target, verb) =>
          (...values: unknown[]) => {
            const answered = new Promise((resolve, reject) => {
              const id = ++asked
              waiting.set(id, { resolve, reject })
              tell(child, { kind: 'ask', id, part, verb: String(verb), values })
            })
            // Nobody waits for what the real verb gives no promise of.
            answered.catch(() => undefined)
            return answered
          },
      },
    )
  }

  return {
    name,
    get isDead() {
      return isOver(child)
    },
    ask: (work) => (isOver(child) ? Promise.reject(new NodeGone(name)) : work(heart)),
    freeze: () => child.kill('SIGSTOP'),
    thaw: () => child.kill('SIGCONT'),
    kill: () => child.kill('SIGKILL'),
    cut: (cut) => tell(child, { kind: 'cut', cut }),
    mend: () => tell(child, { kind: 'mend' }),
    stop: async () => {
      if (isOver(child)) return
      tell(child, { kind: 'stop' })
      await once(child, 'exit')
    },
  }
}

function hear(
  told: Exclude<FromChild, { kind: 'started' }>,
  waiting: Map<number, Waiting>,
  witness: Witness,
): void {
  if (told.kind === 'witnessed') {
    ;(witness[told.list] as unknown[]).push(told.item)
    return
  }
  const one = waiting.get(told.id)
  waiting.delete(told.id)
  if (told.kind === 'answer') one?.resolve(told.value)
  else one?.reject(new FAULTS[told.reason](told.message))
}

const FAULTS = { unavailable: DatabaseUnavailable, gone: NodeGone, broken: Error }

function isOver(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null
}

function tell(child: ChildProcess, told: ToChild): void {
  // What is sent to one that has just been killed goes nowhere.
  if (child.connected) child.send(told, () => undefined)
}
