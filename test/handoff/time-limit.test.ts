import assert from 'node:assert/strict'
import { WORDS } from '../../server/handoff/words.ts'
import { eventually } from '../support/eventually.ts'
import { makeSession } from '../support/factories.ts'
import { HASTY, keptOf } from '../support/heart.ts'
import { auditOf, keptHandoff, letPass, makeAdmin, setRules, setHandoffStage } from './stage.ts'

interface KeptMessage {
  seq: number
  role: string
  content: string
}

describe('A person who does not come', () => {
  const stage = setHandoffStage()
  let sent = 0
  const send = (text: string) =>
    stage.node.conversations.receive(stage.visitor, { client_message_id: `m${++sent}`, text })
  const answered = async (text: string, by = stage.node) => {
    const call = await stage.nextCall(by)
    call.say(text)
    call.end()
    return call
  }
  const messages = () => keptOf<KeptMessage>(stage.database, stage.visitor, 'messages', 'seq')
  const systemWords = async () =>
    (await messages()).filter(({ role }) => role === 'system').map(({ content }) => content)
  const lapsed = () => eventually(async () => assert.equal((await stage.kept()).handoff, 'none'))

  it('is waited for as long as the business says, by the clock of the database', async () => {
    await send('Hello')
    await stage.node.handing.handoffs.request(stage.visitor, {})
    await letPass(stage.database, (await stage.kept()).id, 4)
    assert.equal((await stage.kept()).handoff, 'requested')
    await setRules(stage.database, stage.client.id, { wait_minutes: 30 })
    const other = await makeSession(stage.database, stage.client)
    await stage.node.handing.handoffs.request(other, {})
    const { id } = await keptHandoff(stage.database, other)
    await letPass(stage.database, id, 29)
    await letPass(stage.database, (await stage.kept()).id, 1)
    await lapsed()
    assert.equal((await keptHandoff(stage.database, other)).handoff, 'requested')
    assert.deepEqual((await keptHandoff(stage.database, other)).handoff_by, 'visitor')
  })

  it('is given up with a message in the visitor’s language, which the AI never reads, and the AI goes on', async () => {
    for (const [text, language] of [
      ['I want a person please', 'en'],
      ['אני רוצה לדבר עם נציג', 'he'],
    ] as const) {
      stage.visitor = await makeSession(stage.database, stage.client, { locale: 'en' })
      await send(text)
      await answered('One moment.')
      await stage.node.told.told.take(
        ({ to, event }) => to.session_id === stage.visitor.id && event === 'reply:end',
      )
      await stage.node.handing.handoffs.request(stage.visitor, {})
      await letPass(stage.database, (await stage.kept()).id, 5)
      const created = await stage.node.told.told.take(
        ({ to, event, args }) =>
          to.session_id === stage.visitor.id &&
          event === 'message:created' &&
          (args as [{ message: { role: string } }])[0].message.role === 'system',
      )
      const { message } = (created.args as [{ message: KeptMessage }])[0]
      assert.deepEqual([message.seq, message.content], [3, WORDS.lapsed[language]])
      const changed = await stage.node.told.told.take(({ event }) => event === 'handoff:changed')
      assert.deepEqual(changed.args, [{ state: 'none' }])
      assert.deepEqual(await auditOf(stage.database, (await stage.kept()).id), [
        'handoff.requested',
        'handoff.lapsed',
      ])
      await send('And boots?')
      const { request } = await answered('Yes.')
      assert.ok(!JSON.stringify(request).includes(WORDS.lapsed[language]))
      assert.doesNotMatch(request.system.moment, /person/)
      await stage.node.told.told.take(
        ({ to, event }) => to.session_id === stage.visitor.id && event === 'reply:end',
      )
      assert.deepEqual(
        (await messages()).map(({ seq, role }) => [seq, role]),
        [
          [1, 'user'],
          [2, 'assistant'],
          [3, 'system'],
          [4, 'user'],
          [5, 'assistant'],
        ],
      )
    }
  })

  it('leaves a running answer alone', async () => {
    await send('Hello')
    const call = await stage.nextCall()
    call.say('Let me ')
    await stage.node.handing.handoffs.request(stage.visitor, {})
    await letPass(stage.database, (await stage.kept()).id, 5)
    await lapsed()
    call.say('see.')
    call.end()
    await eventually(async () =>
      assert.deepEqual(
        (await messages()).map(({ content }) => content),
        ['Hello', WORDS.lapsed.en, 'Let me see.'],
      ),
    )
  })

  it('is given up once, by one of the nodes that are alive when the one that was asked is dead', async () => {
    await stage.node.handing.handoffs.request(stage.visitor, {})
    await stage.stop(stage.node)
    const others = await Promise.all([stage.start(), stage.start(), stage.start()])
    await letPass(stage.database, (await stage.kept()).id, 5)
    await lapsed()
    await eventually(() => {
      const created = others.map(({ told }) => told.count('message:created'))
      assert.deepEqual(created.sort(), [0, 0, 1])
    })
    assert.deepEqual(await systemWords(), [WORDS.lapsed.en])
    assert.deepEqual(await auditOf(stage.database, (await stage.kept()).id), [
      'handoff.requested',
      'handoff.lapsed',
    ])
  })

  it('is waited for still when a client’s rules are broken', async () => {
    await setRules(stage.database, stage.client.id, { wait_minutes: 'long' })
    await stage.node.handing.handoffs.request(stage.visitor, {})
    await letPass(stage.database, (await stage.kept()).id, 5)
    await lapsed()
  })

  describe('any more', () => {
    const taken = async (seen: 'here' | 'gone') => {
      const admin = await makeAdmin(stage.database, stage.client.id)
      await stage.database.sequelize.query(
        `UPDATE admins SET last_seen_at = now() - $2::int * interval '1 minute' WHERE id = $1`,
        { bind: [admin.id, seen === 'here' ? 0 : 5] },
      )
      const conversation = { client_id: stage.client.id, conversation_id: (await stage.kept()).id, admin }
      await stage.node.agents.takeOver(conversation)
      return conversation
    }
    const isBack = () => eventually(async () => assert.equal((await stage.kept()).state, 'ai'))
    beforeEach(async () => {
      await stage.stop(stage.node)
      stage.node = await stage.start({ turns: HASTY })
      await send('Hello')
      await answered('Hi!')
      await stage.node.told.told.take(
        ({ to, event }) => to.session_id === stage.visitor.id && event === 'reply:end',
      )
    })

    it('loses the conversation to the AI, which answers what was left', async () => {
      const conversation = await taken('gone')
      await stage.node.agents.receive(conversation, { client_message_id: 'a', text: 'Dana here' })
      await send('Can I have a refund?')
      await letPass(stage.database, (await stage.kept()).id, 10)
      await isBack()
      const { epoch, agent_id, handoff } = await stage.kept()
      assert.deepEqual([epoch, agent_id, handoff], [2, null, 'none'])
      assert.deepEqual(await systemWords(), [WORDS.reclaimed.en])
      assert.deepEqual((await stage.node.told.next('agent:left'))[0], { epoch: 2 })
      const { request } = await answered('Within 30 days.')
      assert.match(JSON.stringify(request.messages.at(-1)), /Can I have a refund\?/)
      await eventually(async () => assert.equal((await messages()).at(-1)?.content, 'Within 30 days.'))
      assert.deepEqual((await auditOf(stage.database, (await stage.kept()).id)).slice(-2), [
        'conversation.taken_over',
        'conversation.handed_back',
      ])
    })

    it('keeps it while there, while nothing is left unanswered, and for ten minutes', async () => {
      const leaving = async (seen: 'here' | 'gone', minutes: number, reply?: string) => {
        stage.visitor = await makeSession(stage.database, stage.client)
        await send(`Hello, the ${String(sent)}th time`)
        await answered('Hi!')
        await eventually(async () => assert.equal((await messages()).length, 2))
        const conversation = await taken(seen)
        const { id } = await stage.kept()
        await letPass(stage.database, id, 20)
        await send('Are you there?')
        if (reply !== undefined)
          await stage.node.agents.receive(conversation, { client_message_id: 'r', text: reply })
        await letPass(stage.database, id, minutes)
        return stage.visitor
      }
      const stay = [await leaving('here', 60), await leaving('gone', 60, 'Yes'), await leaving('gone', 9)]
      await leaving('gone', 10)
      await isBack()
      for (const one of stay) assert.equal((await keptHandoff(stage.database, one)).state, 'agent')
    })
  })
})
