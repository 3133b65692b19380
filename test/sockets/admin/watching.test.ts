import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { RATES } from '../../../protocol/limits.ts'
import { makeClient, makeSession } from '../../support/factories.ts'
import { adminStage } from './stage.ts'

const ADD_CONVERSATIONS = {
  name: 'test/add-conversations',
  text: `
    WITH s AS (
      INSERT INTO sessions (id, client_id, visitor_id, token_hash)
      SELECT gen_random_uuid(), $1::uuid, $2::uuid, '\\x00' FROM generate_series(1, $3::int) RETURNING id, client_id
    )
    INSERT INTO conversations (id, client_id, session_id) SELECT gen_random_uuid(), client_id, id FROM s RETURNING id`,
}

describe('Who watches a conversation', () => {
  const stage = adminStage({ typingHolds: 200, typingPause: 50 })
  const { model } = stage

  it('is told where it stands, and then all that the visitor is told, with its id first', async () => {
    const { visitor, conversation_id } = await stage.ask('Do you ship?')
    const dana = await stage.enter({ client: stage.shop })
    const found = await dana.get('conversation:watch', { conversation_id })
    assert.deepEqual(
      found.messages.map(({ content }) => content),
      ['Do you ship?'],
    )
    assert.equal(found.conversation.client_id, stage.shop.id)
    const call = await model.calls.take()
    for (const word of ['Yes, ', 'to ', 'everywhere.']) {
      call.say(word)
      await visitor.next('reply:delta')
    }
    call.end()
    const [end] = await dana.next('reply:end')
    assert.deepEqual([end.conversation_id, end.message.content], [conversation_id, 'Yes, to everywhere.'])
    assert.equal(dana.streamed(conversation_id, end.turn, found.reply?.text), visitor.streamed(end.turn))
    await visitor.send('m2', 'Thanks')
    const [created] = await dana.next('message:created')
    assert.deepEqual([created.conversation_id, created.message.content], [conversation_id, 'Thanks'])
    await visitor.ask('conversation:end', {})
    assert.equal((await dana.next('conversation:ended'))[0].reason, 'visitor')
  })

  it('gets in mid-answer what was said so far, and what is said from there on', async () => {
    const { visitor, conversation_id } = await stage.ask()
    const call = await model.calls.take()
    call.say('Once upon ')
    await visitor.next('reply:delta')
    const dana = await stage.enter({ client: stage.shop })
    const { reply, messages } = await dana.get('conversation:watch', { conversation_id, last_seq: 1 })
    assert.deepEqual([reply?.text, messages], ['Once upon ', []])
    call.say('a time.')
    call.end()
    const [{ turn }] = await dana.next('reply:end')
    assert.equal(dana.streamed(conversation_id, turn, reply?.text), 'Once upon a time.')
  })

  it('hears no hole, whenever in an answer it comes and comes again', async () => {
    const { conversation_id } = await stage.ask()
    const dana = await stage.enter({ client: stage.shop })
    const call = await model.calls.take()
    const text = Array.from({ length: 300 }, (_, at) => `${at} `)
    const knew: string[] = []
    for (const [at, word] of text.entries()) {
      call.say(word)
      if (at % 30 !== 0) continue
      const watching = dana.get('conversation:watch', { conversation_id })
      for (let wait = 0; wait < at / 30; wait++) await new Promise(setImmediate)
      call.say('')
      knew.push((await watching).reply?.text ?? '')
    }
    call.end()
    await dana.next('reply:end')
    for (const known of knew) assert.equal(continued(known), text.join(''))

    /** What one knows who came with this much: pieces that are known already are passed over. */
    function continued(known: string): string {
      return dana.heard.all.reduce((had, { event, args }) => {
        if (event !== 'reply:delta' || args[3] < had.length) return had
        assert.equal(args[3], had.length)
        return had + args[4]
      }, known)
    }
  })

  it('loads what came before, and hears no more once it leaves', async () => {
    const { visitor, conversation_id } = await stage.ask()
    const call = await model.calls.take()
    call.end()
    await visitor.next('reply:end')
    const dana = await stage.enter({ client: stage.shop })
    await dana.get('conversation:watch', { conversation_id: conversation_id.toUpperCase(), last_seq: 1 })
    const page = await dana.get('history:load', { conversation_id, before_seq: 2 })
    assert.deepEqual(
      page.messages.map(({ seq }) => seq),
      [1],
    )
    await dana.get('conversation:unwatch', { conversation_id })
    await visitor.send('m2', 'Anybody?')
    await dana.get('conversation:unwatch', { conversation_id })
    assert.deepEqual(dana.heard.all, [])
  })

  it('watches many conversations on one socket, and no more than so many', async () => {
    const { id, visitor_id } = await makeSession(stage.database, stage.shop)
    assert.ok(id)
    const count = RATES.watchedConversations + 1
    const rows = await stage.database.run<{ id: string }>(ADD_CONVERSATIONS, [
      stage.shop.id,
      visitor_id,
      count,
    ])
    const dana = await stage.enter({ client: stage.shop })
    const answers = await Promise.all(
      rows.map((row) => dana.ask('conversation:watch', { conversation_id: row.id })),
    )
    const refused = answers.flatMap((answer) => (answer.ok ? [] : answer.error.code))
    assert.deepEqual(refused, ['too_many_watched'])
    const watched = answers.findIndex((answer) => answer.ok)
    await dana.get('conversation:unwatch', { conversation_id: rows[watched]!.id })
    const left = answers.findIndex((answer) => !answer.ok)
    await dana.get('conversation:watch', { conversation_id: rows[left]!.id })
  })

  it('sees that the visitor types; the visitor, that the agent does; and neither for longer than it holds', async () => {
    const { visitor, conversation_id } = await stage.ask()
    const dana = await stage.enter({ client: stage.shop })
    await dana.get('conversation:watch', { conversation_id })
    await visitor.ask('typing:set', { typing: true })
    assert.deepEqual(await dana.next('typing:changed'), [{ conversation_id, author: 'user', typing: true }])
    assert.deepEqual(await dana.next('typing:changed'), [{ conversation_id, author: 'user', typing: false }])
    await dana.get('conversation:take_over', { conversation_id })
    await dana.get('typing:set', { conversation_id, typing: true })
    assert.deepEqual(await visitor.next('typing:changed'), [{ author: 'agent', typing: true }])
    assert.deepEqual(await visitor.next('typing:changed'), [{ author: 'agent', typing: false }])
    await dana.get('typing:set', { conversation_id, typing: true })
    await dana.get('typing:set', { conversation_id, typing: false })
    await visitor.next('typing:changed')
    assert.deepEqual(await visitor.next('typing:changed'), [{ author: 'agent', typing: false }])
    assert.ok(
      visitor.heard.all.every(({ event, args }) => event !== 'typing:changed' || args[0].author === 'agent'),
    )
  })

  it('finds nothing of another client, whatever it asks; the installation’s own people find all', async () => {
    const { conversation_id } = await stage.ask('Is this private?')
    await model.calls.take()
    const bakery = await makeClient(stage.database)
    const stranger = await stage.enter({ client: bakery, role: 'owner' })
    const nowhere = randomUUID()
    for (const id of [conversation_id, nowhere]) {
      const named = { conversation_id: id }
      const answers = await Promise.all([
        stranger.ask('conversation:watch', named),
        stranger.ask('history:load', { ...named, before_seq: 10 }),
        stranger.ask('conversation:take_over', named),
        stranger.ask('conversation:hand_back', named),
        stranger.ask('message:send', { ...named, client_message_id: 'a1', text: 'Hi' }),
        stranger.ask('typing:set', { ...named, typing: true }),
      ])
      for (const answer of answers) assert.equal(!answer.ok && answer.error.code, 'not_found')
    }
    const { conversations } = await stranger.get('inbox:watch', {})
    assert.deepEqual(conversations, [])
    assert.deepEqual(stranger.heard.all, [])
    const operator = await stage.enter({ client: null, role: 'owner' })
    const { conversation } = await operator.get('conversation:watch', { conversation_id })
    assert.equal(conversation.id, conversation_id)
    await operator.get('conversation:take_over', { conversation_id })
    await operator.get('message:send', { conversation_id, client_message_id: 'a1', text: 'Hello' })
    assert.equal((await operator.next('message:created'))[0].message.content, 'Hello')
  })

  it('may watch and not speak as an analyst', async () => {
    const { conversation_id } = await stage.ask()
    const ana = await stage.enter({ client: stage.shop, role: 'analyst' })
    await ana.get('conversation:watch', { conversation_id })
    const named = { conversation_id }
    const answers = await Promise.all([
      ana.ask('conversation:take_over', named),
      ana.ask('conversation:hand_back', named),
      ana.ask('message:send', { ...named, client_message_id: 'a1', text: 'Hi' }),
      ana.ask('typing:set', { ...named, typing: true }),
    ])
    for (const answer of answers) assert.equal(!answer.ok && answer.error.code, 'role_insufficient')
    assert.equal((await ana.get('conversation:watch', named)).conversation.state, 'ai')
  })
})
