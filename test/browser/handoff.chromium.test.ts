import assert from 'node:assert/strict'
import { setStage } from '../support/browser-stage.ts'
import { eventually } from '../support/eventually.ts'
import { makeClient, makeSession } from '../support/factories.ts'
import { demoClient } from '../support/person.ts'

const WAITS = {
  name: 'test/wait-before-others',
  text: `
    INSERT INTO conversations (id, client_id, session_id, handoff, handoff_requested_at, handoff_until)
    VALUES (gen_random_uuid(), $1, $2, 'requested', now() - interval '1 minute', now() + interval '1 hour')`,
}

describe('A visitor who waits for a person', () => {
  const stage = setStage()

  it('sees the place in the queue, also after a reload, until nobody is awaited any more', async () => {
    const { database } = stage.app.place
    const shop = await demoClient(database)
    const before = await makeSession(database, shop)
    await database.run(WAITS, [shop.id, before.id])
    const elsewhere = await makeClient(database)
    await database.run(WAITS, [elsewhere.id, (await makeSession(database, elsewhere)).id])
    const chat = await stage.visit()
    const awaited = (words: string | null) =>
      eventually(async () => {
        const line = chat.frame.getByTestId('awaited')
        assert.equal(await line.count(), words === null ? 0 : 1)
        if (words !== null) assert.equal(await line.textContent(), words)
      })
    await chat.open()
    await chat.send('I want a person')
    const call = await stage.model.calls.take()
    call.end({ calls: [{ id: 'c', name: 'hand_over', arguments: { reason: 'x' } }], stop: 'tools' })
    await awaited('Our team was asked to join. You are number 2 in line.')
    const next = await stage.model.calls.take()
    next.say('Our team knows.')
    next.end()
    await chat.showsFinished('Our team knows.')
    await chat.page.reload({ waitUntil: 'commit' })
    await chat.open()
    await awaited('Our team was asked to join. You are number 2 in line.')
    await database.sequelize.query(`UPDATE conversations SET handoff = 'none' WHERE session_id = $1`, {
      bind: [before.id],
    })
    await awaited('Our team was asked to join. You are next.')
    await database.sequelize.query(
      `UPDATE conversations SET handoff_until = now() WHERE handoff = 'requested' AND client_id = $1`,
      {
        bind: [shop.id],
      },
    )
    await awaited(null)
    await eventually(async () =>
      assert.equal(await chat.frame.getByText('Our team is not available right now').count(), 1),
    )
  })
})
