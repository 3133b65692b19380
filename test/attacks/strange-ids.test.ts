import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { describe, it } from 'mocha'
import fc from 'fast-check'
import { ADMIN_REQUESTS, type AdminRequest } from '../../protocol/admin.ts'
import type { AdminRole } from '../../protocol/roles.ts'
import { makeClient } from '../support/factories.ts'
import { addPerson, JWT_SECRET, Person } from '../support/person.ts'
import { Visitor } from '../support/visitor.ts'
import { attackedApp } from './attacked-app.ts'
import { fitting } from './schema-payloads.ts'

const SEED = 20261123
const ROLES: AdminRole[] = ['owner', 'admin', 'agent']

/** Every request that names a conversation, but for the one that ceases to watch it: that changes nothing here. */
const NAMING = Object.entries(ADMIN_REQUESTS).filter(
  ([name, { payload }]) => 'conversation_id' in payload.properties && name !== 'conversation:unwatch',
) as [AdminRequest, (typeof ADMIN_REQUESTS)[AdminRequest]][]

describe('The id of another client’s conversation', () => {
  const app = attackedApp({ env: { JWT_SECRET } })

  it('is not found by any request, in any role, and nothing of it is told', async () => {
    const visitor = new Visitor(app.url)
    await visitor.ready()
    await visitor.send('m1', 'This is between us')
    await visitor.next('reply:end')
    const synced = await visitor.ask('session:sync', { last_seq: 0 })
    assert.ok(synced.ok && synced.data.conversation)
    const theirs = synced.data.conversation.id
    assert.ok(NAMING.length >= 6)
    const bakery = await makeClient(app.database)
    for (const role of ROLES) {
      const { token } = await addPerson(app.database, { client: bakery, role })
      const stranger = new Person(app.url, { token })
      await stranger.connected
      assert.equal((await stranger.ask('inbox:watch', {})).ok, true)
      for (const [name, { payload }] of NAMING) {
        const [sample] = fc.sample(fitting(payload), { seed: SEED, numRuns: 1 })
        for (const conversation_id of [theirs, theirs.toUpperCase(), randomUUID()]) {
          const answer = await stranger.ask(name, Object.assign({}, sample, { conversation_id }))
          assert.equal(!answer.ok && answer.error.code, 'not_found', name)
        }
      }
      await visitor.send(`more-${role}`, 'Nobody else hears this')
      await visitor.next('reply:end')
      assert.deepEqual(stranger.heard.all, [])
      stranger.close()
    }
    const after = await visitor.ask('session:sync', { last_seq: 0 })
    assert.ok(after.ok)
    assert.equal(after.data.conversation?.epoch, 0)
    assert.ok(after.data.messages.every(({ role }) => role !== 'agent'))
    visitor.close()
  })
})
