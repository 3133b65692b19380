import { setTimeout as delay } from 'node:timers/promises'
import type { Random } from './random.ts'
import type { Node, World } from './world.ts'

/** What befalls a node, and how often of all. */
const FAULTS = { kill: 3, freeze: 5, cut: 4, restart: 2 }

export interface MonkeySettings {
  /** The longest time between two faults, and the longest that one lasts, in ms. */
  every: number
  lasts: number
  begin: () => Promise<Node>
}

/** Kills, freezes, cuts off and restarts nodes until the world is over; one node at least is always well. */
export async function plague(world: World, random: Random, settings: MonkeySettings): Promise<void> {
  const { every, lasts, begin } = settings
  const unwell = new Set<Node>()
  const spells = new Set<Promise<void>>()
  while (!world.over) {
    await delay(random.between(every / 4, every))
    const node = random.pick(world.nodes)
    if (unwell.has(node) || unwell.size + 1 >= world.nodes.length) continue
    unwell.add(node)
    const spell = suffer(world, node, random.fork(), { lasts, begin }).finally(() => {
      unwell.delete(node)
      spells.delete(spell)
    })
    spells.add(spell)
  }
  await Promise.all(spells)
}

async function suffer(
  world: World,
  node: Node,
  random: Random,
  { lasts, begin }: Pick<MonkeySettings, 'lasts' | 'begin'>,
): Promise<void> {
  const ms = random.between(lasts / 8, lasts)
  const replace = async () => {
    const next = await begin()
    world.nodes.splice(world.nodes.indexOf(node), 1, next)
  }
  switch (random.weigh(FAULTS)) {
    case 'kill':
      node.kill()
      await delay(ms / 4)
      await replace()
      break
    case 'freeze':
      node.freeze()
      await delay(ms)
      node.thaw()
      break
    case 'cut':
      node.cut(true)
      await delay(ms)
      node.cut(false)
      break
    case 'restart':
      await Promise.all([node.stop(), replace()])
  }
}
