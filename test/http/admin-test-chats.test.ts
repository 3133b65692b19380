import assert from 'node:assert/strict'
import { after, before, describe, it } from 'mocha'
import { defineModels } from '../../models/index.ts'
import type { ModelCallsTold, TestChat, TestChatsPage, TestChatTold } from '../../protocol/test-chat.ts'
import { startApp, type TestApp } from '../support/app.ts'
import { makeClient, type TestClient } from '../support/factories.ts'
import { addPerson, JWT_SECRET, Person, type KeptPerson } from '../support/person.ts'
import { AnthropicStandIn, GOOD_KEY } from '../support/vendors/anthropic.ts'
import { failing, words } from '../support/vendors/scenarios.ts'

describe('A test chat', () => {
  let claude: AnthropicStandIn
  let app: TestApp
  let client: TestClient
  let agent: KeptPerson
  let watcher: Person
  before(async function () {
    this.timeout(60_000)
    claude = await AnthropicStandIn.start()
    claude.otherwise = words(['In ', 'stock.'])
    const env = { LLM_PROVIDER: 'claude', ANTHROPIC_API_KEY: GOOD_KEY, ANTHROPIC_BASE_URL: claude.url }
    app = await startApp({ env: { JWT_SECRET, ...env } })
    client = await makeClient(app.place.database)
    agent = await addPerson(app.place.database, { client, role: 'agent', name: 'Dana' })
    watcher = new Person(app.url, { token: agent.token })
  })
  after(async () => {
    watcher.close()
    await app.close()
    await claude.close()
  })

  async function ask<T>(method: string, path: string, body?: object, by = agent): Promise<T> {
    const answer = await fetch(`${app.url}/api/admin/clients/${client.id}/test-chats${path}`, {
      ...{ method, headers: { authorization: `Bearer ${by.token}` } },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
    return (await answer.json()) as T
  }
  const begin = async () => (await ask<TestChatTold>('POST', '', { locale: 'en' })).test_chat
  /** Says something, and resolves when the answer to it is told. */
  async function say({ session_id, conversation }: TestChat, text: string): Promise<string> {
    assert.ok(conversation)
    await watcher.get('conversation:watch', { conversation_id: conversation.id })
    await ask('POST', `/${session_id}/messages`, { client_message_id: `m-${text.length}`, text })
    const [{ message }] = await watcher.next('reply:end')
    return message.content
  }
  const callsOf = async ({ session_id }: TestChat, query = '') =>
    ask<ModelCallsTold>('GET', `/${session_id}/model-calls${query}`)

  it('is answered as a customer is, and shows what the model was asked, what it said and what it cost', async () => {
    const chat = await begin()
    assert.equal(await say(chat, 'Do you have skis?'), 'In stock.')
    const { calls, has_more } = await callsOf(chat)
    const [call] = calls
    assert.ok(call && calls.length === 1 && !has_more)
    const sent = JSON.parse(call.wire[0]!.request) as { model: string; messages: unknown[]; stream: boolean }
    assert.deepEqual([sent.model, sent.stream], [call.model, true])
    assert.ok(JSON.stringify(sent.messages).includes('Do you have skis?'))
    assert.match(call.wire[0]!.response, /event: message_start[^]*event: message_stop/)
    assert.ok(!JSON.stringify(call).includes(GOOD_KEY))
    const { messages } = call.request as { messages: unknown[] }
    assert.deepEqual(messages.at(-1), { role: 'user', text: 'Do you have skis?' })
    assert.equal((call.answer as { text: string }).text, 'In stock.')
    assert.ok(call.tokens_input > 0 && call.tokens_output > 0 && call.cost > 0 && call.fault === null)
  })

  it('counts as no customer’s, and stands in no inbox', async () => {
    const { database } = app.place
    const { ApiUsage, UsageByModel, Turn, Conversation } = defineModels(database.sequelize)
    const where = { client_id: client.id }
    assert.equal(await ApiUsage.count({ where }), 0)
    assert.equal(await UsageByModel.count({ where }), 0)
    const [kept] = await Conversation.findAll({ where })
    assert.ok(kept?.is_test)
    const turn = await Turn.findOne({ where: { conversation_id: kept.id }, rejectOnEmpty: true })
    assert.ok(turn.tokens_input > 0)
    assert.deepEqual((await watcher.get('inbox:watch', {})).conversations, [])
  })

  it('asks the model again what it was asked before: nothing comes from the cache', async () => {
    for (const chat of [await begin(), await begin()]) {
      await say(chat, 'Do you have skis?')
      assert.equal((await callsOf(chat)).calls.length, 1)
    }
  })

  it('shows what went wrong', async () => {
    claude.play(failing({ status: 400 }))
    const chat = await begin()
    await say(chat, 'Do you have sledges?')
    const { calls } = await callsOf(chat)
    assert.match(calls[0]?.fault ?? '', /^rejected: /)
    assert.equal(calls[0]?.answer, null)
  })

  it('begins anew, and keeps what was asked before', async () => {
    const chat = await begin()
    await say(chat, 'One?')
    await say(chat, 'Two, then?')
    const { calls } = await callsOf(chat)
    assert.deepEqual(
      calls.map(({ number, turn }) => [number, turn]),
      [
        [1, 1],
        [2, 2],
      ],
    )
    assert.deepEqual((await callsOf(chat, '?after=1')).calls, [calls[1]])
    const { test_chat } = await ask<TestChatTold>('POST', `/${chat.session_id}/start`)
    assert.notEqual(test_chat.conversation?.id, chat.conversation?.id)
    await say(test_chat, 'Three?')
    assert.deepEqual(
      (await callsOf(test_chat)).calls.map(({ number }) => number),
      [1],
    )
    const before = `?conversation_id=${chat.conversation?.id ?? ''}`
    assert.equal((await callsOf(test_chat, before)).calls.length, 2)
    const { is_test } = await defineModels(app.place.database.sequelize).Conversation.findOne({
      where: { id: test_chat.conversation?.id ?? '' },
      rejectOnEmpty: true,
    })
    assert.ok(is_test)
  })

  it('is listed with who began it, and found through its client alone', async () => {
    const { test_chats, has_more } = await ask<TestChatsPage>('GET', '?limit=1')
    assert.deepEqual([test_chats[0]?.by, has_more], ['Dana', true])
    const next = await ask<TestChatsPage>('GET', `?limit=100&after=${test_chats[0]?.session_id ?? ''}`)
    assert.ok(next.test_chats.length >= 4)
    const { AuditEntry } = defineModels(app.place.database.sequelize)
    assert.ok(await AuditEntry.findOne({ where: { action: 'test_chat.started', actor_id: agent.id } }))
    const other = await makeClient(app.place.database)
    const owner = await addPerson(app.place.database, { client: null, role: 'owner' })
    for (const path of ['stop', 'start', 'messages'])
      for (const id of [test_chats[0]?.session_id, 'nonsense']) {
        const answer = await fetch(
          `${app.url}/api/admin/clients/${other.id}/test-chats/${id ?? ''}/${path}`,
          {
            method: 'POST',
            headers: { authorization: `Bearer ${owner.token}` },
            body: JSON.stringify(path === 'stop' ? { turn: 1 } : { client_message_id: 'm', text: 'x' }),
          },
        )
        assert.equal(answer.status, 404)
      }
  })
})
