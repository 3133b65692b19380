import type { AppParts } from '../../server/app.ts'
import type { Database } from '../../server/infra/database.ts'
import type { Bus } from '../../server/infra/redis/bus.ts'
import { planted, type Plant } from '../heart/plant.ts'
import { PLANTS as OF_THE_HEART } from '../heart/plants.ts'

/** A fault in every node's own parts, and the invariant that a run must find broken. */
export interface NodePlant {
  spoil: (parts: AppParts) => AppParts
  breaks: string
}

const REPLACED = 'an end by who was replaced'

/** Faults that only several processes can show; those of single statements have plays of their own (`test/heart`). */
export const PLANTS: Readonly<Record<string, NodePlant>> = {
  'a message acked that is not kept': {
    spoil: inStatement({
      statement: 'conversation/receive',
      edits: [
        [
          "'user', $3::text, r.created_at, $2::text FROM u CROSS JOIN r",
          "'user', $3::text, r.created_at, $2::text FROM u CROSS JOIN r WHERE hashtext($2::text) % 5 <> 0",
        ],
      ],
    }),
    breaks: 'acked is kept',
  },
  [REPLACED]: {
    spoil: inStatement(ofTheHeart(REPLACED)),
    breaks: 'turns have one end',
  },
  'an agent who joins before the AI is silent': {
    spoil: inStatement({
      statement: 'conversation/look-at-turn',
      edits: [['turn_open AND turn = $2::int AS open', '$2::int < 0 AS open']],
    }),
    breaks: 'agents join in silence',
  },
  'pieces that become others between nodes': {
    spoil: (parts) => ({
      ...parts,
      ...(parts.redis && { redis: { ...parts.redis, bus: changingPieces(parts.redis.bus) } }),
    }),
    breaks: 'streams agree',
  },
  'a function that is called twice': {
    spoil: ({ tools, ...parts }) => ({
      ...parts,
      ...(tools && {
        tools: {
          ...tools,
          run: async (...asked: Parameters<typeof tools.run>) => {
            await tools.run(...asked)
            return tools.run(...asked)
          },
        },
      }),
    }),
    breaks: 'effects happen once',
  },
}

function ofTheHeart(name: string): Plant {
  const plant = OF_THE_HEART[name]
  if (!plant) throw new Error(`The heart has no such plant: ${name}`)
  return plant
}

function inStatement(plant: Plant): NodePlant['spoil'] {
  return (parts) => ({ ...parts, database: spoilt(parts.database, plant) })
}

function spoilt(database: Database, plant: Plant): Database {
  return new Proxy(database, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name, target)
      if (name === 'run')
        return (...[statement, values]: Parameters<Database['run']>) =>
          target.run(planted(statement, plant), values)
      return typeof value === 'function' ? (value as () => unknown).bind(target) : value
    },
  })
}

/** Puts another character at the end of each piece. */
function changingPieces(bus: Bus): Bus {
  return {
    ...bus,
    publish(channel, message) {
      if (!message.includes('"reply:delta"')) return bus.publish(channel, message)
      const frame = JSON.parse(message) as { event?: string; args?: unknown[] }
      const text = frame.event === 'reply:delta' ? frame.args?.[3] : undefined
      if (frame.args && typeof text === 'string') frame.args[3] = `${text.slice(0, -1)}?`
      return bus.publish(channel, JSON.stringify(frame))
    },
  }
}
