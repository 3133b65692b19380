import assert from 'node:assert/strict'
import { ProviderError } from '../../server/llm/provider.ts'
import type { VisitorSession } from '../../server/auth/visitor-session.ts'
import { openTestDatabase, type TestDatabase } from '../support/databases.ts'
import { keptOf, makeVisitor, rowsWhere, startNode, type TestNode } from '../support/heart.ts'

describe('A turn', () => {
  let place: TestDatabase
  let node: TestNode
  let visitor: VisitorSession

  before(async () => {
    place = await openTestDatabase()
  })
  after(() => place.close())
  beforeEach(async () => {
    node = await startNode(place.database)
    visitor = await makeVisitor(place.database)
  })
  afterEach(() => node.stop())

  let sent = 0
  const send = (text: string) =>
    node.conversations.receive(visitor, { client_message_id: `m${++sent}`, text })
  const asked = async () => {
    const call = await node.provider.calls.take()
    return { call, texts: call.request.messages.map((message) => 'text' in message && message.text) }
  }
  const ended = async () => (await node.told.next('reply:end'))[0].message
  const answers = async () => {
    const rows = await keptOf<{ role: string; content: string; status: string }>(
      place.database,
      visitor,
      'messages',
      'seq',
    )
    return rows.filter((row) => row.role === 'assistant')
  }

  it('streams what the model says and keeps exactly that', async () => {
    await send('Hello')
    const { call } = await asked()
    for (const piece of ['Good ', 'morning', ', ', '😀!']) call.say(piece)
    call.end()
    const message = await ended()
    assert.equal(message.content, 'Good morning, 😀!')
    assert.equal(message.answers_to, 1)
    assert.equal(message.status, 'complete')
    assert.equal(node.told.streamed(1, 1), message.content)
    assert.deepEqual(
      (await answers()).map((row) => row.content),
      [message.content],
    )
  })

  it('answers fragments that come before its first word in one answer', async () => {
    await send('Hello')
    const first = await asked()
    await send('I wonder')
    const second = await asked()
    await send('about boots')
    const third = await asked()
    assert.deepEqual([first.call.signal.aborted, second.call.signal.aborted], [true, true])
    assert.deepEqual(third.texts, ['Hello', 'I wonder', 'about boots'])
    third.call.say('Boots!')
    third.call.end()
    assert.equal((await ended()).answers_to, 3)
    assert.equal((await answers()).length, 1)
  })

  it('lets three messages join, and leaves the fourth to the next turn', async () => {
    await send('one')
    let last = await asked()
    for (const text of ['two', 'three', 'four']) {
      await send(text)
      last = await asked()
    }
    await send('five')
    assert.equal(last.call.signal.aborted, false)
    last.call.end()
    assert.equal((await ended()).answers_to, 4)
    const next = await asked()
    assert.deepEqual(next.texts.at(-1), 'five')
    next.call.end()
    assert.equal((await ended()).answers_to, 5)
  })

  it('answers a message that comes after its first word in a turn of its own, placed after it', async () => {
    await send('Hello')
    const first = await asked()
    first.call.say('Good ')
    await send('And boots?')
    first.call.say('morning')
    assert.equal(first.call.signal.aborted, false)
    first.call.end()
    assert.deepEqual([(await ended()).answers_to, first.texts.length], [1, 1])
    const second = await asked()
    assert.deepEqual(second.texts, ['Hello', 'Good morning', 'And boots?'])
    second.call.end()
    assert.equal((await ended()).answers_to, 2)
  })

  it('waits for a visitor who is still typing', async () => {
    node.conversations.setTyping(visitor, true)
    await send('Hello')
    node.conversations.setTyping(visitor, true)
    await send('about boots')
    const { texts, call } = await asked()
    assert.deepEqual(texts, ['Hello', 'about boots'])
    call.end()
    await ended()
    assert.equal(node.provider.calls.all.length, 1)
  })

  it('is stopped before its first word: nothing is said, nothing is run again', async () => {
    await send('Hello')
    const { call } = await asked()
    assert.deepEqual(await node.conversations.stop(visitor, { turn: 1 }), {
      ok: true,
      data: { stopped: true },
    })
    assert.equal(call.signal.aborted, true)
    const message = await ended()
    assert.deepEqual([message.status, message.content, message.answers_to], ['stopped', '', 1])
    assert.equal(node.provider.calls.all.length, 1)
  })

  it('is stopped in the middle of a sentence, and keeps what it had said', async () => {
    await send('Hello')
    const { call } = await asked()
    call.say('Good mor')
    await node.conversations.stop(visitor, { turn: 1 })
    call.say('ning')
    const message = await ended()
    assert.deepEqual([message.status, message.content], ['stopped', 'Good mor'])
    assert.equal(node.told.streamed(1, 1), 'Good mor')
  })

  it('when stopped, still leaves what was written after its first word to the next turn', async () => {
    await send('Hello')
    const first = await asked()
    first.call.say('Good mor')
    await send('And boots?')
    await node.conversations.stop(visitor, { turn: 1 })
    assert.equal((await ended()).status, 'stopped')
    const second = await asked()
    assert.equal(second.texts.at(-1), 'And boots?')
    second.call.say('Boots!')
    second.call.end()
    assert.equal((await ended()).status, 'complete')
  })

  it('cannot be stopped after its end, nor by another visitor', async () => {
    const stranger = await makeVisitor(place.database)
    await send('Hello')
    const { call } = await asked()
    const theirs = await node.conversations.stop(stranger, { turn: 1 })
    assert.equal(theirs.ok && theirs.data.stopped, false)
    call.say('Hi')
    call.end()
    await ended()
    const late = await node.conversations.stop(visitor, { turn: 1 })
    assert.equal(late.ok && late.data.stopped, false)
  })

  it('is interrupted when its conversation ends, and keeps what it had said', async () => {
    await send('Hello')
    const { call } = await asked()
    call.say('Good mor')
    await node.conversations.end(visitor)
    const message = await ended()
    assert.deepEqual([message.status, message.content], ['interrupted', 'Good mor'])
  })

  it('that fails ends as failed, with its reason kept, and the next message is answered', async () => {
    await send('Hello')
    const first = await asked()
    first.call.say('Well')
    first.call.fail(new ProviderError('overloaded', 'the model is overloaded'))
    const message = await ended()
    assert.deepEqual([message.status, message.content], ['failed', 'Well'])
    const [turn] = await keptOf<{ error: string; state: string }>(place.database, visitor, 'turns', 'number')
    assert.deepEqual([turn?.state, turn?.error], ['failed', 'overloaded'])
    await send('Again?')
    const second = await asked()
    second.call.say('Yes')
    second.call.end()
    assert.equal((await ended()).status, 'complete')
  })

  it('that fails before its first word apologises, in the visitor’s language', async () => {
    await send('מתי אתם פתוחים?')
    const { call } = await asked()
    call.fail(new ProviderError('unreachable', 'no route to the model'))
    const [{ message, failure }] = await node.told.next('reply:end')
    assert.equal(failure, 'unreachable')
    assert.equal(message.status, 'failed')
    assert.match(message.content, /^סליחה/)
    assert.deepEqual(
      (await answers()).map((row) => row.content),
      [message.content],
    )
  })

  it('that ends without a word leaves nobody with a silence', async () => {
    await send('Hello')
    const { call } = await asked()
    call.end()
    const message = await ended()
    assert.equal(message.status, 'failed')
    assert.match(message.content, /^Sorry/)
    const [turn] = await keptOf<{ error: string }>(place.database, visitor, 'turns', 'number')
    assert.equal(turn?.error, 'empty_answer')
  })

  it('costs what the table says for its model', async () => {
    await place.database.run(
      { name: 'test/set-model', text: `UPDATE clients SET model = 'claude-sonnet-5-5' WHERE id = $1` },
      [visitor.client_id],
    )
    await send('Hello')
    const { call } = await asked()
    assert.equal(call.request.model, 'claude-sonnet-5-5')
    call.end({ usage: { input: 1_000_000, output: 100_000, cached: 0 } })
    await ended()
    const [turn] = await keptOf<{ cost: string }>(place.database, visitor, 'turns', 'number')
    assert.equal(turn?.cost, '3.000000')
    const [day] = await rowsWhere<{ cost_estimate: string }>(
      place.database,
      'api_usage',
      'client_id',
      visitor.client_id,
    )
    assert.equal(day?.cost_estimate, '3.000000')
  })

  it('keeps no NUL and no half character, and says what it keeps', async () => {
    await send('Hello')
    const { call } = await asked()
    call.say('a\0b')
    call.say('\ud83d')
    call.end()
    const message = await ended()
    assert.equal(message.content, 'ab\ufffd')
    assert.equal((await answers())[0]?.content, message.content)
  })

  it('counts what was spent on the turn, the conversation, the day and the model', async () => {
    await send('Hello')
    const { call } = await asked()
    call.say('Hi')
    call.end({ usage: { input: 120, output: 30, cached: 100 } })
    await ended()
    const { database } = place
    const [turn] = await keptOf<Record<string, unknown>>(database, visitor, 'turns', 'number')
    assert.deepEqual(
      [turn?.['tokens_input'], turn?.['tokens_output'], turn?.['tokens_cached']],
      [120, 30, 100],
    )
    const [conversation] = await rowsWhere<Record<string, unknown>>(
      database,
      'conversations',
      'session_id',
      visitor.id,
    )
    assert.equal(conversation?.['tokens_total'], '150')
    const [day] = await rowsWhere<Record<string, unknown>>(
      database,
      'api_usage',
      'client_id',
      visitor.client_id,
    )
    const spent = [
      day?.['conversation_count'],
      day?.['message_count'],
      day?.['tokens_input'],
      day?.['tokens_output'],
    ]
    assert.deepEqual(spent, ['1', '1', '120', '30'])
    const [model] = await rowsWhere<Record<string, unknown>>(
      database,
      'usage_by_model',
      'client_id',
      visitor.client_id,
    )
    assert.deepEqual([model?.['provider'], model?.['model'], model?.['turns']], ['scripted', 'script-1', '1'])
  })
})
