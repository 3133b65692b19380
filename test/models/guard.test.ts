import assert from 'node:assert/strict'
import { createHash, randomUUID } from 'node:crypto'
import { DECIDING_COLUMNS, type Conversation } from '../../models/conversation.ts'
import { defineModels, type Models } from '../../models/index.ts'
import { openTestDatabase, type TestDatabase } from '../support/databases.ts'
import { makeClient, makeSession } from '../support/factories.ts'

const GUARDED = { name: 'GuardedColumnError' }
/** What a model may write of a conversation. Every other column is decided by statements. */
const DESCRIBING_COLUMNS = [
  'id',
  'client_id',
  'session_id',
  'user_identifier',
  'channel',
  'external_id',
  'is_test',
  'locale',
  'attributes',
  'rating',
  'started_at',
]
type Loose = Record<string, unknown>

describe('models of the heart', () => {
  let test: TestDatabase
  let models: Models
  before(async () => {
    test = await openTestDatabase()
    models = defineModels(test.database.sequelize)
  })
  after(() => test.close())

  async function makeConversation(chosen: Loose = {}): Promise<Conversation> {
    const client = await makeClient(test.database)
    const session = await makeSession(test.database, client)
    const row = { id: randomUUID(), client_id: client.id, session_id: session.id, ...chosen }
    return models.Conversation.create(row)
  }

  function other(value: unknown): unknown {
    if (typeof value === 'number') return value + 1
    if (typeof value === 'boolean') return !value
    if (value instanceof Date) return new Date(0)
    return value === '0' ? '1' : value === null ? randomUUID() : 'ended'
  }

  it('make, read, describe and delete a conversation', async () => {
    const conversation = await makeConversation({ channel: 'email', locale: 'he' })
    const found = await models.Conversation.scope('open').findByPk(conversation.id, { rejectOnEmpty: true })
    assert.deepEqual([found.state, found.turn, found.tokens_total, found.channel], ['ai', 1, '0', 'email'])
    assert.deepEqual([found.isOpen, found.isWithAgent], [true, false])
    await conversation.destroy()
    assert.equal(await models.Conversation.findByPk(conversation.id), null)
  })

  it('leave every column of a conversation to statements but those that describe it', () => {
    const all = Object.keys(models.Conversation.getAttributes())
    assert.deepEqual(all.sort(), [...DESCRIBING_COLUMNS, ...DECIDING_COLUMNS].sort())
  })

  for (const column of DECIDING_COLUMNS) {
    it(`never write ${column} of a conversation`, async () => {
      const conversation = await makeConversation()
      const value = column === 'ended_at' ? new Date() : other(conversation.get(column))
      const before = { ...(await conversation.reload()).get() }
      const change: Loose = { [column]: value }
      const where = { id: conversation.id }
      await assert.rejects(conversation.update(change), GUARDED)
      await conversation.reload()
      await assert.rejects(models.Conversation.update(change, { where }), GUARDED)
      await assert.rejects(conversation.set(change as never).save(), GUARDED)
      await conversation.reload()
      await assert.rejects(models.Conversation.upsert({ ...before, ...change }), GUARDED)
      await assert.rejects(makeConversation(change), GUARDED)
      await assert.rejects(
        models.Conversation.bulkCreate([{ ...before, ...change, id: randomUUID() }]),
        GUARDED,
      )
      assert.deepEqual((await conversation.reload()).get(), before)
    })
  }

  it('never count a conversation up or down past its lock', async () => {
    const conversation = await makeConversation()
    for (const attempt of [
      () => conversation.increment('last_seq'),
      () => conversation.increment(['epoch']),
      () => conversation.decrement({ turn: 1 }),
      () => models.Conversation.increment({ message_count: 1 }, { where: { id: conversation.id } }),
    ]) {
      await assert.rejects(async () => attempt(), GUARDED)
    }
    await conversation.reload()
    assert.deepEqual([conversation.last_seq, conversation.epoch, conversation.turn], [0, 0, 1])
  })

  it('read messages of a conversation in order, and rewrite only what they say', async () => {
    const conversation = await makeConversation()
    const row = { conversation_id: conversation.id, timestamp: new Date(), role: 'user' as const }
    await models.Message.create({ ...row, id: randomUUID(), seq: 2, content: 'and where?' })
    const first = await models.Message.create({ ...row, id: randomUUID(), seq: 1, content: 'When?' })
    await conversation.reload()
    const started = new Date(conversation.started_at.getTime() - 1_000)
    const read = () =>
      models.Message.scope({ method: ['of', { id: conversation.id, started_at: started }] }).findAll()
    assert.deepEqual(
      (await read()).map(({ seq, content }) => [seq, content]),
      [
        [1, 'When?'],
        [2, 'and where?'],
      ],
    )
    await assert.rejects(first.update({ role: 'assistant' }), GUARDED)
    await assert.rejects(models.Message.update({ seq: 9 }, { where: { id: first.id } }), GUARDED)
    await first.reload()
    await first.update({ content: '[erased]' })
    assert.equal((await read())[0]?.content, '[erased]')
    await first.destroy()
    assert.equal((await read()).length, 1)
  })

  it('update a message whose time has microseconds', async () => {
    const conversation = await makeConversation()
    await test.database.run(
      {
        name: 'test/add-message',
        text: `INSERT INTO messages (id, conversation_id, seq, role, content, "timestamp")
               VALUES ($1, $2, 1, 'user', 'hello', date_trunc('second', clock_timestamp()) + interval '0.123456 s')`,
      },
      [randomUUID(), conversation.id],
    )
    const message = await models.Message.findOne({
      where: { conversation_id: conversation.id },
      rejectOnEmpty: true,
    })
    await message.update({ content: '[erased]' })
    assert.equal((await message.reload()).content, '[erased]')
  })

  it('keep receipts, turns, steps and leases as their statements wrote them', async () => {
    const conversation_id = randomUUID()
    const now = new Date()
    const receipt = await models.MessageReceipt.create({
      session_id: randomUUID(),
      client_message_id: 'a',
      conversation_id,
      seq: 1,
      message_id: randomUUID(),
      text_hash: createHash('sha256').update('a').digest(),
      created_at: now,
    })
    const turn = await models.Turn.create({
      conversation_id,
      number: 1,
      attempt: 1,
      state: 'running',
      epoch: 0,
      after_seq: 0,
      opened_at: now,
    })
    const step = await models.TurnStep.create({
      conversation_id,
      turn: 1,
      step: 1,
      attempt: 1,
      node: randomUUID(),
      answers_to: 1,
      body: { text: '', calls: [] },
      created_at: now,
    })
    const node = await models.Node.create({
      id: randomUUID(),
      host: 'here',
      lease_until: new Date(Date.now() + 60_000),
    })
    assert.equal(await models.Node.scope('alive').count(), 1)
    assert.equal(turn.isOpen, true)
    assert.equal((await models.Turn.scope('open').findAll())[0]?.cost, '0.000000')
    await assert.rejects(receipt.update({ seq: 2 }), GUARDED)
    await assert.rejects(turn.update({ state: 'failed' }), GUARDED)
    await assert.rejects(step.update({ body: {} }), GUARDED)
    await assert.rejects(node.update({ lease_until: now }), GUARDED)
    await Promise.all([receipt, turn, step, node].map((row) => row.reload()))
    await turn.update({ error: 'noted later' })
    await Promise.all([receipt.destroy(), turn.destroy(), step.destroy(), node.destroy()])
    assert.equal(await models.Turn.count(), 0)
  })

  it('serve several databases in one process, each its own', async () => {
    const second = await openTestDatabase()
    try {
      const elsewhere = defineModels(second.database.sequelize)
      const made = await elsewhere.Client.create({ name: 'Only there' })
      assert.notEqual(elsewhere.Client, models.Client)
      assert.equal(await models.Client.findByPk(made.id), null)
      assert.equal((await elsewhere.Client.findByPk(made.id))?.name, 'Only there')
    } finally {
      await second.close()
    }
  })
})
