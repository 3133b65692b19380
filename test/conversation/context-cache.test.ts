import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import type { VisitorSession } from '../../server/auth/visitor-session.ts'
import { createContextCache, type ContextCache } from '../../server/conversation/context-cache.ts'
import { readMemory, type Memory } from '../../server/conversation/memory.ts'
import type { Address } from '../../server/conversation/publisher.ts'
import { createMemoryCache, type Cache } from '../../server/infra/cache.ts'
import { KEYS } from '../../server/infra/keys.ts'
import { Random } from '../heart/random.ts'
import { openTestDatabase, type TestDatabase } from '../support/databases.ts'
import { makeVisitor, startNode } from '../support/heart.ts'

const HISTORIES = 6
const EVENTS = 60
const MOST = 8

/** What can befall a conversation between two readings, and how often of all. */
const BEFALLS = { visitor: 30, answer: 20, late: 8, agent: 8, silence: 4, system: 3, summary: 8, another: 1 }

describe('The context of a conversation that is kept', () => {
  let place: TestDatabase
  before(async () => {
    place = await openTestDatabase()
  })
  after(() => place.close())

  it('changes nothing of what is read, whatever was said, summed up, begun anew, or forgotten', async () => {
    const random = new Random(2026)
    for (let history = 0; history < HISTORIES; history++) {
      const talk = await Talk.begin(place, await makeVisitor(place.database))
      // Two nodes, each of which reads now and then, and so knows less than the other.
      const nodes = [createMemoryCache(), createMemoryCache()]
      for (let event = 0; event < EVENTS; event++) {
        await talk.befall(random)
        const cache = random.pick(nodes)
        if (random.chance(0.05)) await cache.delete(KEYS.conversation(talk.to.session_id))
        const bound = random.chance(0.1) ? random.between(0, talk.seq) : null
        if (!random.chance(0.6)) continue
        const asked = { most: MOST, bound }
        const known = await readMemory(partsOf(place, cache), talk.to, asked)
        const anew = await readMemory(partsOf(place, NO_CACHE), talk.to, asked)
        assert.deepEqual(sorted(known), sorted(anew), `history ${history}, event ${event}`)
      }
    }
  })

  it('is not read again: only what came later is', async () => {
    const talk = await Talk.begin(place, await makeVisitor(place.database))
    for (let i = 0; i < 5; i++) await talk.say('user')
    const cache = createMemoryCache()
    const parts = partsOf(place, cache)
    await readMemory(parts, talk.to, { most: MOST, bound: null })
    await place.database.sequelize.query(
      `UPDATE messages SET content = 'forged' WHERE conversation_id = $1`,
      {
        bind: [talk.to.conversation_id],
      },
    )
    await talk.say('user')
    const { spoken } = await readMemory(parts, talk.to, { most: MOST, bound: null })
    assert.equal(spoken.length, 6)
    assert.ok(!spoken.some(({ content }) => content === 'forged'))
  })

  it('is of no use where it is from another release, or from a later time than the database', async () => {
    const talk = await Talk.begin(place, await makeVisitor(place.database))
    await talk.say('user')
    const cache = createMemoryCache()
    const key = KEYS.conversation(talk.to.session_id)
    const { conversation_id } = talk.to
    const spoken = [{ seq: 1, place: 1, role: 'user', content: 'forged' }]
    for (const kept of [
      { version: 0, conversation_id, last_seq: 1, spoken },
      { version: 1, conversation_id, last_seq: 9, spoken },
      { version: 1, conversation_id: randomUUID(), last_seq: 1, spoken },
    ]) {
      await cache.set(key, JSON.stringify(kept), 60_000)
      const read = await readMemory(partsOf(place, cache), talk.to, { most: MOST, bound: null })
      assert.deepEqual(
        read.spoken.map(({ content }) => content),
        ['message 1'],
      )
    }
  })

  it('is forgotten when the conversation ends', async () => {
    const cache = createMemoryCache()
    const node = await startNode(place.database, { cache })
    const visitor = await makeVisitor(place.database)
    await node.conversations.receive(visitor, { client_message_id: 'm1', text: 'Hello' })
    const call = await node.provider.calls.take()
    call.say('Hi')
    call.end()
    await node.told.next('reply:end')
    assert.notEqual(await cache.get(KEYS.conversation(visitor.id)), null)
    await node.conversations.end(visitor)
    assert.equal(await cache.get(KEYS.conversation(visitor.id)), null)
    await node.stop()
  })
})

const NO_CACHE: Cache = {
  get: () => Promise.resolve(null),
  set: () => Promise.resolve(),
  delete: () => Promise.resolve(true),
}

function partsOf(
  { database }: TestDatabase,
  cache: Cache,
): { database: TestDatabase['database']; contexts: ContextCache } {
  return { database, contexts: createContextCache(cache) }
}

function sorted({ summary, spoken }: Memory): Memory {
  return { summary, spoken: [...spoken].sort((a, b) => a.seq - b.seq) }
}

/** One visitor's conversations, written straight into the tables. */
class Talk {
  to: Address
  seq = 0
  #summed = 0
  readonly #place: TestDatabase

  constructor(place: TestDatabase, to: Address) {
    this.#place = place
    this.to = to
  }

  static async begin(place: TestDatabase, visitor: VisitorSession): Promise<Talk> {
    const { client_id, id: session_id } = visitor
    const talk = new Talk(place, { client_id, session_id, conversation_id: randomUUID() })
    await talk.#open()
    return talk
  }

  async befall(random: Random): Promise<void> {
    switch (random.weigh(BEFALLS)) {
      case 'visitor':
        return this.say('user')
      case 'answer':
        return this.say('assistant', Math.max(1, this.seq))
      case 'late':
        return this.say('assistant', Math.max(1, this.seq - random.between(0, 3)))
      case 'agent':
        return this.say('agent')
      case 'silence':
        return this.say('assistant', Math.max(1, this.seq), '')
      case 'system':
        return this.say('system')
      case 'summary':
        return this.#sumUp(random)
      case 'another':
        await this.#run(`UPDATE conversations SET state = 'ended' WHERE id = $1`, [this.to.conversation_id])
        this.to = { ...this.to, conversation_id: randomUUID() }
        return this.#open()
    }
  }

  async say(
    role: string,
    answersTo: number | null = null,
    content = `message ${this.seq + 1}`,
  ): Promise<void> {
    this.seq++
    await this.#run(
      `WITH c AS (UPDATE conversations SET last_seq = $2::int, last_at = clock_timestamp() WHERE id = $1 RETURNING id, last_at)
       INSERT INTO messages (id, conversation_id, seq, role, content, "timestamp", answers_to)
       SELECT gen_random_uuid(), id, $2, $3, $4, last_at, $5::int FROM c`,
      [this.to.conversation_id, this.seq, role, content, answersTo],
    )
  }

  async #sumUp(random: Random): Promise<void> {
    this.#summed = random.between(this.#summed, this.seq)
    await this.#run('UPDATE conversations SET summary = $2, summary_seq = $3 WHERE id = $1', [
      ...[this.to.conversation_id, `up to ${this.#summed}`, this.#summed],
    ])
  }

  async #open(): Promise<void> {
    this.seq = 0
    this.#summed = 0
    const { conversation_id, client_id, session_id } = this.to
    await this.#run('INSERT INTO conversations (id, client_id, session_id) VALUES ($1, $2, $3)', [
      ...[conversation_id, client_id, session_id],
    ])
  }

  async #run(text: string, bind: unknown[]): Promise<void> {
    await this.#place.database.sequelize.query(text, { bind })
  }
}
