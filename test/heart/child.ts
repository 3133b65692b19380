/** One node of the harness as a process of its own, so that it can be stopped and killed for real. */
import { DatabaseUnavailable } from '../../server/infra/database.ts'
import { openAgain } from '../support/databases.ts'
import { beginNode } from './begin-node.ts'
import { WITNESSED, type FromChild, type ToChild } from './child-protocol.ts'
import { NodeGone } from './heart-node.ts'
import { Random } from './random.ts'
import { Witness } from './witness.ts'
import type { Node } from './world.ts'

const CONNECTIONS = 4

const starting: { node: Promise<Node> | null } = { node: null }
process.on('message', (told: ToChild) => {
  void hear(told)
})
process.on('disconnect', () => process.exit(0))

async function hear(told: ToChild): Promise<void> {
  if (told.kind === 'start') {
    starting.node = start(told)
    await starting.node
    say({ kind: 'started' })
    return
  }
  const node = await starting.node
  if (!node) throw new Error('told something before the start')
  switch (told.kind) {
    case 'ask':
      await answer(node, told)
      break
    case 'cut':
      node.cut(told.cut)
      break
    case 'mend':
      node.mend()
      break
    case 'stop':
      await node.stop()
      process.disconnect()
  }
}

async function start({ url, name, seed }: Extract<ToChild, { kind: 'start' }>): Promise<Node> {
  const witness = new Witness()
  for (const list of WITNESSED) {
    witness[list].push = (...items: unknown[]) => {
      for (const item of items) say({ kind: 'witnessed', list, item } as FromChild)
      return 0
    }
  }
  const database = await openAgain({ url }, CONNECTIONS)
  const random = new Random(seed)
  return beginNode(database, { witness, random, name, plant: null, close: () => database.close() })
}

async function answer(
  node: Node,
  { id, part, verb, values }: Extract<ToChild, { kind: 'ask' }>,
): Promise<void> {
  try {
    const value = await node.ask((heart) => {
      const verbs = heart[part] as unknown as Record<string, (...values: unknown[]) => Promise<unknown>>
      return Promise.resolve(verbs[verb]?.(...values))
    })
    say({ kind: 'answer', id, value })
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    say({ kind: 'fault', id, reason: reasonOf(error), message })
  }
}

function reasonOf(error: unknown): 'unavailable' | 'gone' | 'broken' {
  if (error instanceof DatabaseUnavailable) return 'unavailable'
  return error instanceof NodeGone ? 'gone' : 'broken'
}

function say(told: FromChild): void {
  process.send?.(told)
}
