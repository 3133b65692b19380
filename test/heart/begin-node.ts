import type { Database } from '../../server/infra/database.ts'
import { HeartNode } from './heart-node.ts'
import type { Plant } from './plant.ts'
import type { Random } from './random.ts'
import { CHAOS_LIMITS, CHAOS_MEMORY } from './run-chaos.ts'
import { SOUND, type LineFaults } from './wire.ts'
import type { Witness } from './witness.ts'
import type { Node } from './world.ts'

export const CHAOS_LINE: LineFaults = { delay: 6, never: 0.01, lost: 0.015, late: 0.005 }
export const CHAOS_TEMPER = { tools: 0.25, fails: 0.04, stalls: 0.05, pause: 12 }

/** Starts a node in this process, on a line with faults. */
export async function beginNode(
  database: Database,
  parts: { witness: Witness; random: Random; name: string; plant: Plant | null; close?: () => Promise<void> },
): Promise<Node> {
  const { witness, random, name, plant } = parts
  const node = new HeartNode({
    name,
    database,
    random,
    witness,
    plant,
    limits: CHAOS_LIMITS,
    memory: CHAOS_MEMORY,
    temper: CHAOS_TEMPER,
  })
  const close = () => parts.close?.() ?? Promise.resolve()
  await node.start()
  node.wire.faults = CHAOS_LINE
  return {
    name,
    get isDead() {
      return node.isDead
    },
    ask: (work) => node.ask(work),
    freeze: () => node.freeze(),
    thaw: () => node.thaw(),
    kill: () => {
      node.kill()
      void close()
    },
    cut: (cut) => (node.wire.cut = cut),
    mend: () => (node.wire.faults = SOUND),
    stop: async () => {
      await node.stop()
      await close()
    },
  }
}
