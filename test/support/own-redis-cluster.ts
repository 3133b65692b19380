import { Redis } from 'ioredis'
import { eventually } from './eventually.ts'
import { freePort, startOwnRedis, type OwnRedis } from './own-redis.ts'

/** A Redis cluster of three masters, which share the slots evenly and keep nothing. */
export interface OwnCluster {
  /** Names its first node alone: the others are found through it. */
  url: string
  nodes: OwnRedis[]
  close(): Promise<void>
}

const NODES = 3
/** https://redis.io/docs/latest/operate/oss_and_stack/reference/cluster-spec/ */
const SLOTS = 16_384

/** Starts one. It takes two seconds, until all nodes have heard of each other. */
export async function startOwnCluster(): Promise<OwnCluster> {
  const started = await Promise.all(Array.from({ length: NODES }, () => startNode()))
  const nodes = started.map(({ node }) => node)
  const close = async () => {
    for (const node of nodes) await node.close()
  }
  const connections = nodes.map(({ port }) => new Redis(port, '127.0.0.1'))
  try {
    await join(
      connections,
      started.map(({ node, busPort }) => ({ port: node.port, busPort })),
    )
  } catch (error) {
    await close()
    throw error
  } finally {
    for (const connection of connections) connection.disconnect()
  }
  return { url: `redis+cluster://127.0.0.1:${nodes[0]!.port}`, nodes, close }
}

/** Others may take a port between its being found free and its being listened to: then it is tried with others. */
async function startNode(triesLeft = 3): Promise<{ node: OwnRedis; busPort: number }> {
  const busPort = await freePort()
  const bus = ['--cluster-port', String(busPort)]
  const settings = ['--cluster-enabled', 'yes', ...bus, '--cluster-node-timeout', '2000']
  try {
    return { node: await startOwnRedis({ settings }), busPort }
  } catch (error) {
    if (triesLeft === 1) throw error
    return startNode(triesLeft - 1)
  }
}

async function join(connections: Redis[], places: { port: number; busPort: number }[]): Promise<void> {
  const share = Math.ceil(SLOTS / NODES)
  for (const [index, connection] of connections.entries()) {
    const last = Math.min(SLOTS, (index + 1) * share) - 1
    await connection.cluster('ADDSLOTSRANGE', index * share, last)
    // Two nodes of one epoch would have to settle which is the newer.
    await connection.cluster('SET-CONFIG-EPOCH', index + 1)
  }
  for (const { port, busPort } of places.slice(1))
    await connections[0]!.call('CLUSTER', ['MEET', '127.0.0.1', String(port), String(busPort)])
  await eventually(async () => {
    for (const connection of connections) {
      const told = await connection.cluster('INFO')
      if (!/cluster_state:ok/.test(told) || !told.includes(`cluster_known_nodes:${NODES}`))
        throw new Error(told)
    }
  })
}
