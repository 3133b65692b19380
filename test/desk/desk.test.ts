import assert from 'node:assert/strict'
import { describe, it } from 'mocha'
import type { AuditLogPage } from '../../protocol/audit-log.ts'
import {
  CANNED_REPLY_LIMITS,
  type CannedRepliesTold,
  type CannedReplyTold,
} from '../../protocol/canned-replies.ts'
import { makeClient } from '../support/factories.ts'
import { deskStage } from './stage.ts'

describe('Canned replies', () => {
  const stage = deskStage()
  const place = (more = '') => `clients/${stage.bakery.id}/canned-replies${more}`
  const add = (shortcut: string, text = 'Within 30 days.') => ({ method: 'POST', body: { shortcut, text } })

  it('are added, changed and taken away by admins, read by all, and told in the audit log', async () => {
    const by = await stage.somebody('admin')
    const { canned_reply: made } = await stage.ask<CannedReplyTold>(place(), { ...add('returns'), by })
    const changes = { method: 'PATCH', body: { text: 'Within 60 days.' }, by }
    const { canned_reply: now } = await stage.ask<CannedReplyTold>(place(`/${made.id}`), changes)
    const reader = { by: await stage.somebody('analyst') }
    assert.deepEqual((await stage.ask<CannedRepliesTold>(place(), reader)).canned_replies, [now])
    await stage.ask(place(`/${made.id}`), { method: 'DELETE', by })
    assert.deepEqual(await stage.ask(place(), reader), { canned_replies: [] })
    const { entries } = await stage.ask<AuditLogPage>('audit-log?action=canned_reply.', { by })
    assert.deepEqual(
      entries.map(({ action, actor_id }) => [action, actor_id]),
      ['removed', 'changed', 'created'].map((what) => [`canned_reply.${what}`, by.id]),
    )
  })

  it('have a shortcut of their own, in any case, also when two are added at once', async () => {
    const codes = await Promise.all(
      ['Hours', 'hours'].map((shortcut) => stage.codeOf(place(), add(shortcut))),
    )
    assert.deepEqual(codes.sort(), ['invalid_payload', 'ok'])
    for (const shortcut of ['', 'two words', '/x', '-x', 'x'.repeat(41)])
      assert.equal(await stage.codeOf(place(), add(shortcut)), 'invalid_payload', shortcut)
    assert.equal(await stage.codeOf(place(), add('שעות')), 'ok')
  })

  it('are of one client, and no more than so many', async () => {
    const other = await makeClient(stage.database)
    const { canned_reply } = await stage.ask<CannedReplyTold>(place(), add('ours'))
    for (const method of ['PATCH', 'DELETE'])
      assert.equal(
        await stage.codeOf(`clients/${other.id}/canned-replies/${canned_reply.id}`, {
          method,
          body: { text: 'x' },
        }),
        'not_found',
      )
    await stage.database.sequelize.query(
      `INSERT INTO canned_replies (client_id, shortcut, text)
       SELECT '${other.id}', 's' || n, 'x' FROM generate_series(1, ${CANNED_REPLY_LIMITS.count}) AS n`,
    )
    assert.equal(await stage.codeOf(`clients/${other.id}/canned-replies`, add('more')), 'invalid_payload')
  })
})

describe('The audit log', () => {
  const stage = deskStage()
  const log = (query: string, by = stage.owner) => stage.ask<AuditLogPage>(`audit-log?${query}`, { by })

  before(async () => {
    for (const name of ['One', 'Two', 'Three'])
      await stage.ask(`clients/${stage.bakery.id}`, { method: 'PATCH', body: { name } })
  })

  it('is told page by page, the last first, with who did what', async () => {
    const first = await log(`client_id=${stage.bakery.id}&limit=2`)
    const second = await log(`client_id=${stage.bakery.id}&limit=2&after=${first.entries.at(-1)?.id ?? ''}`)
    const told = [...first.entries, ...second.entries]
    assert.deepEqual(
      told.map(({ action, actor_name, details }) => [action, actor_name, details['after']]),
      ['Three', 'Two', 'One'].map((name) => ['client.changed', 'Dana', { name }]),
    )
    assert.deepEqual([first.has_more, second.has_more], [true, false])
  })

  it('is narrowed by who, what and when', async () => {
    const { entries } = await log(`actor_id=${stage.owner.id}&action=client.changed`)
    assert.equal(entries.length, 3)
    const [last] = entries
    assert.deepEqual((await log(`actor_id=${stage.owner.id}&until=${last?.at ?? ''}`)).entries.length, 2)
    assert.deepEqual((await log('action=client&actor=admin')).entries, [])
    assert.equal((await log('action=client.&actor=admin')).entries.length, 3)
    assert.equal((await log('action=clien_.')).entries.length, 0)
  })

  it('shows people of a client what concerns it, and nothing else', async () => {
    const other = await makeClient(stage.database)
    const stranger = await stage.somebody('owner', other)
    assert.deepEqual((await log('', stranger)).entries, [])
    assert.equal(await stage.codeOf(`audit-log?client_id=${stage.bakery.id}`, { by: stranger }), 'not_found')
    const keeper = await stage.somebody('admin')
    assert.equal((await log('', keeper)).entries.length, 3)
  })
})
