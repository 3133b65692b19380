import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { EventEmitter } from 'node:events'
import { setImmediate as tick } from 'node:timers/promises'
import type { RunningReply } from '../../../protocol/records.ts'
import type { AskedByNodes } from '../../../server/conversation/other-nodes.ts'
import type { Address, ToolTold } from '../../../server/conversation/publisher.ts'
import type { Presence } from '../../../server/infra/redis/presence.ts'
import { Crossing } from '../../../sockets/crossing/crossing.ts'
import type { Told, ToldOfTool } from '../../../sockets/crossing/frames.ts'
import { LINE_LIMITS } from '../../../sockets/crossing/line.ts'
import { Inbox } from '../../support/inbox.ts'
import { SharedBus } from './shared-bus.ts'

const START = { turn: 1, attempt: 1, epoch: 0, answers_to: 1 }

interface Node {
  crossing: Crossing
  told: Inbox<Told>
  missed: Inbox<number>
  tools: Inbox<ToldOfTool>
  typing: Inbox<boolean>
  /** Tools of its running reply. */
  atWork: ToolTold['tool:start'][]
  /** What runs on it, for others to ask for. */
  running: RunningReply | undefined
}

function address(): Address {
  return { client_id: randomUUID(), session_id: randomUUID(), conversation_id: randomUUID() }
}

describe('What crosses from node to node', () => {
  let bus: SharedBus
  let to: Address
  let owner: Node
  let other: Node

  beforeEach(async () => {
    bus = new SharedBus()
    to = address()
    owner = node()
    other = node()
    owner.crossing.attach(to.session_id)
    await owner.crossing.reached(to.session_id)
  })

  function node(): Node {
    const told = new Inbox<Told>('event')
    const missed = new Inbox<number>('call to look')
    const tools = new Inbox<ToldOfTool>('event of a tool')
    const typing = new Inbox<boolean>('sign of typing')
    const crossing = new Crossing({
      redis: { bus: bus.node(), presence: new EventEmitter() as unknown as Presence },
      limits: { ...LINE_LIMITS, mergeFor: 1, retryEvery: 5, waiting: 8 },
      deliver: (_to, event) => told.put(event),
      deliverTool: (_to, tool) => tools.put(tool),
      deliverTyping: (_session, isTyping) => typing.put(isTyping),
      tools: () => made.atWork,
      missed: (_session, withinMs) => missed.put(withinMs),
    })
    const made: Node = { crossing, told, missed, tools, typing, running: undefined, atWork: [] }
    const ignore = () => undefined
    const asked: AskedByNodes = {
      reply: () => made.running,
      ...{ interrupt: ignore, messageArrived: ignore, answered: ignore, takenOver: ignore },
    }
    crossing.answerWith(asked)
    return made
  }

  async function listen(there: Node): Promise<void> {
    there.crossing.attach(to.session_id)
    await there.crossing.reached(to.session_id)
  }

  function say(text: string, offset = 0): void {
    owner.crossing.carry(to, 'reply:delta', [1, 1, offset, text])
  }

  const piece = async ({ told }: Node) => {
    const { args } = await told.take(({ event }) => event === 'reply:delta')
    return args
  }

  it('is nothing where nobody else listens', async () => {
    owner.crossing.carry(to, 'reply:start', [START])
    say('Hello')
    await tick()
    await tick()
    say(' again', 5)
    assert.deepEqual(bus.published, [])
  })

  it('keeps its order while it is asked who listens', async () => {
    await listen(other)
    bus.hold()
    owner.crossing.carry(to, 'reply:start', [START])
    say('One ')
    say('two', 4)
    bus.letGo()
    assert.equal((await other.told.take()).event, 'reply:start')
    assert.deepEqual(await piece(other), [1, 1, 0, 'One '])
    assert.deepEqual(await piece(other), [1, 1, 4, 'two'])
  })

  it('goes on to who came while an older call was on its way to nobody', async () => {
    await listen(other)
    owner.crossing.carry(to, 'reply:start', [START])
    await other.told.take()
    other.crossing.detach(to.session_id)
    bus.hold()
    say('Nobody hears this. ')
    await eventuallyPublished('Nobody hears')
    owner.running = { ...START, offset: 0, text: 'Nobody hears this. ' }
    await listen(other)
    other.crossing.ask(to)
    assert.deepEqual(await piece(other), [1, 1, 0, 'Nobody hears this. '])
    bus.letGo()
    await tick()
    say('This is heard.', 19)
    assert.deepEqual(await piece(other), [1, 1, 19, 'This is heard.'])
  })

  async function eventuallyPublished(text: string): Promise<void> {
    while (!bus.published.some(({ message }) => message.includes(text))) await tick()
  }

  it('tells what waited before it answers who asks for the reply', async () => {
    await listen(other)
    bus.hold()
    owner.crossing.carry(to, 'conversation:ended', [{ reason: 'agent' }])
    owner.running = { ...START, offset: 0, text: 'So far.' }
    other.crossing.ask(to)
    await piece(other)
    assert.deepEqual(
      other.told.all.map(({ event }) => event),
      ['conversation:ended', 'reply:start', 'reply:delta'],
    )
    bus.letGo()
  })

  it('has others look into Postgres where it could not be told', async () => {
    await listen(other)
    bus.isAway = true
    owner.crossing.carry(to, 'conversation:ended', [{ reason: 'agent' }])
    for (let i = 0; i < 4; i++) await tick()
    bus.isAway = false
    assert.ok((await other.missed.take()) >= 0)
  })

  it('has them look again where more could not be told while they were told to look', async () => {
    await listen(other)
    const fail = async () => {
      bus.isAway = true
      owner.crossing.carry(to, 'conversation:ended', [{ reason: 'agent' }])
      for (let i = 0; i < 4; i++) await tick()
      bus.isAway = false
    }
    await fail()
    bus.hold()
    await other.missed.take()
    await fail()
    bus.letGo()
    assert.ok((await other.missed.take()) >= 0)
  })

  it('has them look too where more waited than may wait', async () => {
    await listen(other)
    bus.hold()
    owner.crossing.carry(to, 'reply:start', [START])
    for (let i = 0; i < 20; i++) say('x', i)
    bus.letGo()
    assert.ok((await other.missed.take()) >= 0)
  })

  it('asks for a reply of which pieces are missing once, however many come', async () => {
    await listen(other)
    owner.crossing.carry(to, 'reply:start', [START])
    await other.told.take()
    for (let i = 0; i < 20; i++) {
      say('x', 100 + i)
      // Whatever is told between two pieces keeps them apart.
      owner.crossing.carry(to, 'typing:changed', [{ author: 'agent', typing: i < 19 }])
    }
    await other.told.take((told) => told.event === 'typing:changed' && !told.args[0].typing)
    await tick()
    const asks = bus.published.filter(({ message }) => message.includes('"ask"'))
    assert.equal(asks.length, 1)
  })

  it('forgets what it heard of a reply that runs here now, or was found to have ended', async () => {
    await listen(other)
    owner.crossing.carry(to, 'reply:start', [START])
    say('Half of')
    await piece(other)
    assert.equal(other.crossing.reply(to)?.text, 'Half of')
    other.crossing.began(to)
    assert.equal(other.crossing.reply(to), undefined)
    other.crossing.ended(to)
    owner.crossing.carry(to, 'reply:start', [{ ...START, attempt: 2 }])
    owner.crossing.carry(to, 'reply:delta', [1, 2, 0, 'Again'])
    await piece(other)
    const message = {
      id: randomUUID(),
      seq: 2,
      role: 'assistant',
      content: 'Again.',
      created_at: '',
    } as const
    other.crossing.tell(to, { event: 'reply:end', args: [{ turn: 1, message }] })
    assert.equal(other.crossing.reply(to), undefined)
  })

  it('goes on with a reply when the end of an earlier one is told once more', async () => {
    await listen(other)
    owner.crossing.carry(to, 'reply:start', [{ ...START, turn: 2 }])
    owner.crossing.carry(to, 'reply:delta', [2, 1, 0, 'Half of'])
    await piece(other)
    const message = { id: randomUUID(), seq: 2, role: 'assistant', content: '', created_at: '' } as const
    other.crossing.tell(to, { event: 'reply:end', args: [{ turn: 1, message }] })
    owner.crossing.carry(to, 'reply:end', [{ turn: 1, message }])
    owner.crossing.carry(to, 'reply:delta', [2, 1, 7, ' it'])
    assert.deepEqual(await piece(other), [2, 1, 7, ' it'])
    assert.equal(other.crossing.reply(to)?.text, 'Half of it')
  })

  it('tells nothing of an older epoch once a person has taken over, whoever said so and however late it comes', async () => {
    await listen(other)
    owner.crossing.carry(to, 'reply:start', [START])
    say('Half of')
    await piece(other)
    const joined = [{ epoch: 1, name: 'Dana' }] satisfies [object]
    other.crossing.carry(to, 'agent:joined', joined)
    owner.running = { ...START, offset: 0, text: 'Half of it all' }
    say(' it all', 7)
    other.crossing.ask(to)
    owner.crossing.carry(to, 'reply:start', [{ ...START, attempt: 2 }])
    owner.crossing.carry(to, 'agent:left', [{ epoch: 2 }])
    await other.told.take(({ event }) => event === 'agent:left')
    for (let i = 0; i < 8; i++) await tick()
    const told = other.told.all.map(({ event }) => event)
    assert.deepEqual(told, ['reply:start', 'reply:delta', 'agent:left'])
    owner.running = undefined
    owner.crossing.carry(to, 'reply:start', [{ ...START, turn: 2, epoch: 2 }])
    owner.crossing.carry(to, 'reply:delta', [2, 1, 0, 'Now'])
    assert.deepEqual(await piece(other), [2, 1, 0, 'Now'])
  })

  it('is all of a tool for who watches, and the sign that a visitor types', async () => {
    await listen(other)
    const seen = { turn: 1, call_id: '0.0', name: 'find_order', label: 'Looking' }
    owner.crossing.carryTool(to, { event: 'tool:start', told: { seen, arguments: { order: 17 } } })
    const { told } = await other.tools.take()
    assert.deepEqual(told, { seen, arguments: { order: 17 } })
    owner.crossing.carryTyping(to.session_id, true)
    assert.equal(await other.typing.take(), true)
    owner.running = { ...START, offset: 0, text: '' }
    owner.atWork = [{ seen, arguments: { order: 17 } }]
    other.crossing.ask(to)
    assert.deepEqual((await other.tools.take()).told, { seen, arguments: { order: 17 } })
  })

  it('is no sign of typing where nobody listens', async () => {
    owner.crossing.carryTyping(to.session_id, true)
    for (let i = 0; i < 4; i++) await tick()
    assert.deepEqual(bus.published, [])
  })
})
