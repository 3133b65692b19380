import { randomUUID } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import type { VisitorSession } from '../../server/auth/visitor-session.ts'
import type { Agent, AgentPlace } from '../../server/conversation/change-hands.ts'
import type { Random } from './random.ts'
import { tagged } from './seeded-provider.ts'
import type { Send } from './witness.ts'
import type { World } from './world.ts'

/** What a visitor does next, and how often of all. */
const DEEDS = { say: 40, burst: 12, twins: 8, again: 6, late: 6, type: 8, stop: 14, end: 2, start: 2 }

/** One visitor, from its first message until the world is over: a plan that its seed alone decides. */
export async function liveAsVisitor(
  world: World,
  visitor: VisitorSession,
  name: string,
  random: Random,
): Promise<void> {
  let count = 0
  const sent: Send[] = []
  const write = (): Send => {
    const id = `${name}.${++count}`
    const text = tagged(id, 'and so on')
    const send = { session: visitor.id, agent: null, id, text, sentAt: Date.now(), ackedAt: null, acks: [] }
    world.witness.sends.push(send)
    sent.push(send)
    return send
  }
  const post = (send: Send) =>
    world.deliver(random, send, ({ conversations }) =>
      conversations.receive(visitor, { client_message_id: send.id, text: send.text }),
    )
  const deeds: Record<keyof typeof DEEDS, () => Promise<unknown>> = {
    say: () => post(write()),
    burst: () => Promise.all(Array.from({ length: random.between(2, 3) }, () => post(write()))),
    twins: () => {
      const send = write()
      return Promise.all([post(send), post(send)])
    },
    again: () => (sent.length > 0 ? post(random.pick(sent)) : Promise.resolve()),
    late: () => bringLate(world, visitor, `${name}.late.${++count}`, random),
    type: () =>
      world.tryOnce(random, ({ conversations }) => {
        conversations.setTyping(visitor, random.chance(0.7))
        return Promise.resolve()
      }),
    stop: () => {
      const turn = world.newestTurn(visitor.id) + random.between(0, 1)
      return world.tryOnce(random, ({ conversations }) => conversations.stop(visitor, { turn }))
    },
    end: () => world.tryOnce(random, ({ conversations }) => conversations.end(visitor)),
    start: () => world.tryOnce(random, ({ conversations }) => conversations.start(visitor)),
  }
  await delay(random.between(0, 200))
  while (!world.over) {
    await deeds[random.weigh(DEEDS)]()
    await delay(random.between(0, 160))
  }
}

/** A tool brings what a call of the visitor's came to, twice at once now and then. */
async function bringLate(world: World, { id }: VisitorSession, said: string, random: Random): Promise<void> {
  const conversation_id = world.conversationOf(id)
  if (conversation_id === null) return
  const result = { tool: 'look_up', arguments: {}, content: tagged(said, 'was found'), failed: false }
  const brought = { conversation_id, execution_id: randomUUID(), result, whole: { said } }
  const bring = () => world.tryOnce(random, ({ results }) => results.receive(brought))
  await Promise.all(random.chance(0.3) ? [bring(), bring()] : [bring()])
}

/** The people of the business who look after one visitor: they take over, speak, quarrel, and hand back. */
export async function liveAsAgents(
  world: World,
  visitor: VisitorSession,
  agents: readonly Agent[],
  random: Random,
): Promise<void> {
  let count = 0
  const place = (admin: Agent): AgentPlace | null => {
    const conversation_id = world.conversationOf(visitor.id)
    return conversation_id === null ? null : { client_id: visitor.client_id, conversation_id, admin }
  }
  const speak = async (admin: Agent) => {
    const where = place(admin)
    if (!where) return
    // The visitor's own ids, on purpose: the two must never be taken for each other.
    const id = `${where.conversation_id.slice(0, 4)}.${++count}`
    const text = `${admin.id} ${id}`
    const send: Send = {
      session: visitor.id,
      agent: admin.id,
      id,
      text,
      sentAt: Date.now(),
      ackedAt: null,
      acks: [],
    }
    world.witness.sends.push(send)
    const input = { client_message_id: id, text }
    await world.deliver(random, send, (heart) => heart.agents.receive(where, input))
  }
  while (!world.over) {
    await delay(random.between(300, 5_000))
    const admin = random.pick(agents)
    const where = place(admin)
    if (!where) continue
    if (random.chance(0.1)) await speak(admin)
    await world.tryOnce(random, (heart) => heart.agents.takeOver(where))
    for (let left = random.between(0, 3); left > 0; left--) {
      await delay(random.between(0, 150))
      await speak(random.chance(0.85) ? admin : random.pick(agents))
    }
    if (random.chance(0.85)) await world.tryOnce(random, (heart) => heart.agents.handBack(where))
  }
}
