import assert from 'node:assert/strict'
import { EventEmitter } from 'node:events'
import { describe, it } from 'mocha'
import type { NotesPage, NoteTold } from '../../../protocol/notes.ts'
import type { Presence } from '../../../server/infra/redis/presence.ts'
import { Lookers } from '../../../sockets/admin/lookers.ts'
import { OtherLookers } from '../../../sockets/admin/other-lookers.ts'
import type { AdminNamespace, AdminSocket } from '../../../sockets/admin/socket-types.ts'
import { makeClient } from '../../support/factories.ts'
import type { KeptPerson } from '../../support/person.ts'
import { adminStage } from './stage.ts'

describe('Colleagues who look at a conversation', () => {
  const stage = adminStage()

  async function ask<T>(kept: KeptPerson, path: string, method = 'GET', body?: object): Promise<T> {
    const answer = await fetch(`${stage.url}/api/admin/conversations/${path}`, {
      ...{ method, headers: { authorization: `Bearer ${kept.token}` } },
      ...(body && { body: JSON.stringify(body) }),
    })
    return (await answer.json()) as T
  }
  const codeOf = async (...asked: Parameters<typeof ask>) =>
    (await ask<{ code?: string }>(...asked)).code ?? 'ok'

  it('see who else does, each person once, and who has left', async () => {
    const { conversation_id } = await stage.ask()
    const dana = await stage.enter({ client: stage.shop, name: 'Dana' })
    const noa = await stage.enter({ client: null, name: 'Noa', role: 'owner' })
    const [first, second] = [
      { id: dana.kept.id, name: 'Dana' },
      { id: noa.kept.id, name: 'Noa' },
    ]
    const alone = await dana.get('conversation:watch', { conversation_id })
    assert.deepEqual(alone.present, [first])
    const both = await noa.get('conversation:watch', { conversation_id })
    assert.deepEqual(both.present, [first, second])
    assert.deepEqual(await dana.next('presence:changed'), [{ conversation_id, present: [first, second] }])
    // Once more is no news.
    await noa.get('conversation:watch', { conversation_id })
    noa.close()
    assert.deepEqual(await dana.next('presence:changed'), [{ conversation_id, present: [first] }])
    assert.ok(!noa.heard.all.some(({ event }) => event === 'presence:changed'))
  })

  it('read notes at once that visitors never do', async () => {
    const { visitor, conversation_id } = await stage.ask()
    const dana = await stage.enter({ client: stage.shop, name: 'Dana' })
    await dana.get('conversation:watch', { conversation_id })
    const { note } = await ask<NoteTold>(dana.kept, `${conversation_id}/notes`, 'POST', { text: 'Be kind.' })
    assert.deepEqual(note.author, { id: dana.kept.id, name: 'Dana' })
    assert.deepEqual(await dana.next('note:created'), [{ conversation_id, note }])
    const changed = await ask<NoteTold>(dana.kept, `${conversation_id}/notes/${note.id}`, 'PATCH', {
      text: 'Be very kind.',
    })
    assert.deepEqual(await dana.next('note:changed'), [{ conversation_id, note: changed.note }])
    const { notes } = await ask<NotesPage>(dana.kept, `${conversation_id}/notes`)
    assert.deepEqual(notes, [changed.note])
    await ask(dana.kept, `${conversation_id}/notes/${note.id}`, 'DELETE')
    assert.deepEqual(await dana.next('note:removed'), [{ conversation_id, id: note.id }])
    assert.ok(!JSON.stringify(visitor.heard.all).includes('kind'))
    const history = await visitor.ask('history:load', { before_seq: 100 })
    assert.ok(!JSON.stringify(history).includes('kind'))
  })

  it('change their own notes alone; admins take away anybody’s', async () => {
    const { conversation_id } = await stage.ask()
    const [dana, noa] = [await stage.enter({ client: stage.shop }), await stage.enter({ client: stage.shop })]
    const boss = await stage.enter({ client: stage.shop, role: 'admin' })
    const stranger = await stage.enter({ client: await makeClient(stage.database), role: 'owner' })
    const { note } = await ask<NoteTold>(dana.kept, `${conversation_id}/notes`, 'POST', { text: 'Mine' })
    const place = `${conversation_id}/notes/${note.id}`
    for (const other of [noa, boss])
      assert.equal(await codeOf(other.kept, place, 'PATCH', { text: 'Ours' }), 'role_insufficient')
    assert.equal(await codeOf(noa.kept, place, 'DELETE'), 'role_insufficient')
    for (const [method, body] of [
      ['PATCH', { text: 'Theirs' }],
      ['DELETE', undefined],
    ] as const)
      assert.equal(await codeOf(stranger.kept, place, method, body), 'not_found')
    const elsewhere = await stage.ask()
    assert.equal(
      await codeOf(dana.kept, `${elsewhere.conversation_id}/notes/${note.id}`, 'DELETE'),
      'not_found',
    )
    assert.equal(await codeOf(boss.kept, place, 'DELETE'), 'ok')
    assert.equal(await codeOf(boss.kept, place, 'DELETE'), 'not_found')
  })

  it('see in the inbox who has taken it over, and of which client they asked', async () => {
    const bakery = await makeClient(stage.database)
    const dana = await stage.enter({ client: stage.shop, name: 'Dana' })
    const [all, elsewhere] = [await stage.enter({ client: null }), await stage.enter({ client: null })]
    await all.get('inbox:watch', { client_id: stage.shop.id })
    await elsewhere.get('inbox:watch', {})
    await elsewhere.get('inbox:watch', { client_id: bakery.id })
    const { conversation_id } = await stage.ask('Is anybody there?')
    await dana.get('conversation:take_over', { conversation_id })
    const heard = await all.heard.take(
      (one) => one.event === 'conversation:updated' && one.args[0].conversation.agent !== undefined,
    )
    assert.equal(heard.event, 'conversation:updated')
    const [{ conversation }] = heard.args as [{ conversation: { agent?: object; last_message?: object } }]
    assert.deepEqual(conversation.agent, { id: dana.kept.id, name: 'Dana' })
    const ids = async (query: object) =>
      (await all.get('inbox:watch', { client_id: stage.shop.id, ...query })).conversations.map(({ id }) => id)
    assert.ok((await ids({ state: 'agent' })).includes(conversation_id))
    assert.ok(!(await ids({ state: 'ai' })).includes(conversation_id))
    assert.ok((await ids({ handoff: 'with_agent', channel: 'web' })).includes(conversation_id))
    assert.deepEqual(await ids({ channel: 'phone' }), [])
    assert.deepEqual(elsewhere.heard.all, [])
  })
})

/** Namespaces of several nodes: what one tells, all others hear. */
function nodes(count: number) {
  const all = Array.from({ length: count }, () => new EventEmitter())
  return all.map((one) => {
    const lookers = new Lookers()
    const presence = new EventEmitter()
    const namespace = Object.assign(one, {
      serverSideEmit(event: string, told: unknown) {
        for (const other of all) if (other !== one) other.emit(event, structuredClone(told))
      },
    }) as unknown as AdminNamespace
    const others = new OtherLookers({ namespace, presence: presence as unknown as Presence, lookers })
    lookers.joinWith(others)
    return { lookers, others, presence }
  })
}

function socketOf(name: string) {
  const told: string[][] = []
  const socket = {
    data: { access: { admin_id: `id-${name}`, name } },
    emit: (_event: string, { present }: { present: { name: string }[] }) =>
      told.push(present.map((person) => person.name)),
  } as unknown as AdminSocket
  return { socket, told }
}

describe('Who looks from other nodes', () => {
  it('is known to who comes later, told of who comes and leaves, and forgotten where nobody looks', () => {
    const [one, two, three] = nodes(3) as [
      ReturnType<typeof nodes>[0],
      ReturnType<typeof nodes>[0],
      ReturnType<typeof nodes>[0],
    ]
    const [dana, noa] = [socketOf('Dana'), socketOf('Noa')]
    one.lookers.come(dana.socket, 'c')
    two.lookers.come(noa.socket, 'c')
    const names = (node: typeof one) => node.lookers.present('c').map(({ name }) => name)
    assert.deepEqual([names(one), names(two), names(three)], [['Dana', 'Noa'], ['Dana', 'Noa'], []])
    two.lookers.leave(noa.socket, 'c')
    assert.deepEqual(dana.told, [['Dana', 'Noa'], ['Dana']])
    assert.deepEqual(names(two), [])
    two.lookers.come(noa.socket, 'c')
    assert.deepEqual(names(two), ['Dana', 'Noa'])
    for (const node of [one, two, three]) node.others.stop()
  })

  it('is told again once Redis is back', () => {
    const [one, two] = nodes(2) as [ReturnType<typeof nodes>[0], ReturnType<typeof nodes>[0]]
    const [dana, noa] = [socketOf('Dana'), socketOf('Noa')]
    one.lookers.come(dana.socket, 'c')
    const silent = two.lookers.present('c')
    two.lookers.come(noa.socket, 'c')
    one.presence.emit('back')
    assert.deepEqual(silent, [])
    assert.deepEqual(
      two.lookers.present('c').map(({ name }) => name),
      ['Dana', 'Noa'],
    )
    for (const node of [one, two]) node.others.stop()
  })
})
