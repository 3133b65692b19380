import assert from 'node:assert/strict'
import type { AdminConversation } from '../../../protocol/admin.ts'
import { makeClient, makeSession } from '../../support/factories.ts'
import type { Person } from '../../support/person.ts'
import { adminStage } from './stage.ts'

/** The next word about one conversation, or the first that fits. */
async function next(
  person: Person,
  event: 'conversation:opened' | 'conversation:updated' | 'conversation:ended',
  fits: (conversation: AdminConversation) => boolean = () => true,
): Promise<AdminConversation> {
  const heard = await person.heard.take(
    (one) => one.event === event && one.args[0].conversation !== undefined && fits(one.args[0].conversation),
  )
  const [{ conversation }] = heard.args as [{ conversation: AdminConversation }]
  return conversation
}

describe('The inbox', () => {
  const stage = adminStage()
  const { model } = stage

  it('tells who watches it what is opened, said, handed over and ended', async () => {
    const dana = await stage.enter({ client: stage.shop })
    await dana.get('inbox:watch', {})
    const { visitor, conversation_id } = await stage.ask()
    const opened = await next(dana, 'conversation:opened')
    assert.deepEqual([opened.id, opened.client_id, opened.state], [conversation_id, stage.shop.id, 'ai'])
    const call = await model.calls.take()
    call.say('Hi')
    call.end()
    await next(dana, 'conversation:updated', ({ message_count }) => message_count === 2)
    await dana.get('conversation:take_over', { conversation_id })
    await next(
      dana,
      'conversation:updated',
      ({ state, handoff }) => state === 'agent' && handoff === 'with_agent',
    )
    await visitor.ask('conversation:end', {})
    const ended = await next(dana, 'conversation:ended')
    assert.deepEqual([ended.id, ended.state], [conversation_id, 'ended'])
    assert.ok(!dana.heard.all.some(({ event }) => event === 'reply:delta' || event === 'message:created'))
  })

  it('has a page of what is open, begun last first, and the pages that follow', async () => {
    const elsewhere = await stage.ask()
    const bakery = await makeClient(stage.database)
    const begun: string[] = []
    for (let n = 0; n < 5; n++) {
      const { id } = await makeSession(stage.database, bakery)
      const [row] = await stage.database.run<{ id: string }>(
        {
          name: 'test/begin-conversation',
          text: `
            INSERT INTO conversations (id, client_id, session_id, started_at)
            VALUES (gen_random_uuid(), $1, $2, now() + $3::int * interval '1 microsecond') RETURNING id`,
        },
        [bakery.id, id, n],
      )
      begun.unshift(row!.id)
    }
    const dana = await stage.enter({ client: bakery })
    const first = await dana.get('inbox:watch', { limit: 2 })
    const second = await dana.get('inbox:watch', { limit: 2, after: first.conversations.at(-1)!.id })
    const third = await dana.get('inbox:watch', { limit: 2, after: second.conversations.at(-1)!.id })
    const pages = [first, second, third]
    assert.deepEqual(
      pages.flatMap(({ conversations }) => conversations.map(({ id }) => id)),
      begun,
    )
    assert.deepEqual(
      pages.map(({ has_more }) => has_more),
      [true, true, false],
    )
    const operator = await stage.enter({ client: null })
    const all = await operator.get('inbox:watch', { limit: 100 })
    for (const id of [...begun, elsewhere.conversation_id])
      assert.ok(all.conversations.some((one) => one.id === id))
  })

  it('tells people of another client nothing, nor those who have left it', async () => {
    const bakery = await makeClient(stage.database)
    const stranger = await stage.enter({ client: bakery })
    const left = await stage.enter({ client: stage.shop })
    const operator = await stage.enter({ client: null })
    for (const person of [stranger, left, operator]) await person.get('inbox:watch', {})
    await left.get('inbox:unwatch', {})
    const { conversation_id } = await stage.ask()
    assert.equal((await next(operator, 'conversation:opened')).id, conversation_id)
    assert.deepEqual([...stranger.heard.all, ...left.heard.all], [])
  })

  it('reads nothing where nobody watches, and once what changes together', async () => {
    const dana = await stage.enter({ client: stage.shop })
    await dana.get('inbox:watch', {})
    const { visitor, conversation_id } = await stage.ask()
    await Promise.all(Array.from({ length: 8 }, (_, n) => visitor.send(`many-${n}`, 'Hello?')))
    // All that comes soon enough after the opening is told with it.
    await dana.heard.take(
      (one) =>
        (one.event === 'conversation:opened' || one.event === 'conversation:updated') &&
        one.args[0].conversation.message_count === 9,
    )
    const told = dana.heard.all.filter(
      ({ event, args }) => event === 'conversation:updated' && args[0].conversation.id === conversation_id,
    )
    assert.ok(told.length < 8, `${told.length} times`)
  })
})
