import assert from 'node:assert/strict'
import fc from 'fast-check'
import { describe, it } from 'mocha'
import { ADMIN_REQUESTS, type AdminRequest } from '../../protocol/admin.ts'
import type { Result } from '../../protocol/result.ts'
import { ADMIN_ROLES, isAtLeast } from '../../protocol/roles.ts'
import { createAccessTokens } from '../../server/auth/admins/access-tokens.ts'
import { adminStage } from '../sockets/admin/stage.ts'
import { openRawWebSocket } from '../sockets/raw-websocket.ts'
import { makeClient } from '../support/factories.ts'
import { addPerson, Person, tokenFor } from '../support/person.ts'
import { SEED } from './attack-request.ts'
import { fitting } from './schema-payloads.ts'

interface Asking {
  ask(request: string, payload: unknown): Promise<Result<unknown>>
}

const REQUESTS = Object.keys(ADMIN_REQUESTS) as AdminRequest[]

/** Leaving what one does not watch is no fault, whoever has it. */
const NAMES_A_CONVERSATION = REQUESTS.filter(
  (request) =>
    request !== 'conversation:unwatch' && 'conversation_id' in ADMIN_REQUESTS[request].payload.properties,
)

/** What the request takes, about this conversation. */
function payloadOf(request: AdminRequest, conversation_id: string): object {
  const [payload] = fc.sample(fitting(ADMIN_REQUESTS[request].payload), { seed: SEED, numRuns: 1 }) as [
    object,
  ]
  return 'conversation_id' in payload ? { ...payload, conversation_id } : payload
}

describe('The sockets of the people of the business', () => {
  const stage = adminStage()
  const codeOf = async (person: Asking, request: AdminRequest, payload: object) => {
    const answer = await person.ask(request, payload)
    return answer.ok ? 'ok' : answer.error.code
  }

  /** One of the shop's, the same for all. */
  let open: Promise<{ conversation_id: string }> | null = null
  const conversation = async () => (await (open ??= stage.ask())).conversation_id

  for (const request of REQUESTS) {
    const { least } = ADMIN_REQUESTS[request]
    const lesser = ADMIN_ROLES.filter((role) => !isAtLeast(role, least))

    describe(request, () => {
      if (lesser.length > 0)
        it(`is refused to whoever has a lesser role than ${least}`, async () => {
          for (const role of lesser)
            for (const client of [stage.shop, null]) {
              const person = await stage.enter({ client, role })
              const payload = payloadOf(request, await conversation())
              assert.equal(await codeOf(person, request, payload), 'role_insufficient')
              assert.deepEqual(person.heard.all, [])
            }
        })

      it('is not heard from who has not come in', async () => {
        const raw = await openRawWebSocket(Number(new URL(stage.url).port))
        raw.send(`42/admin,1["${request}",{}]`)
        await raw.closed
      })

      if (NAMES_A_CONVERSATION.includes(request))
        it('finds nothing of another client, in any role', async () => {
          const bakery = await makeClient(stage.database)
          for (const role of ADMIN_ROLES.filter((one) => isAtLeast(one, least))) {
            const stranger = await stage.enter({ client: bakery, role })
            assert.equal(
              await codeOf(stranger, request, payloadOf(request, await conversation())),
              'not_found',
            )
            assert.deepEqual(stranger.heard.all, [])
          }
        })
    })
  }

  it('show the inbox of another client to nobody', async () => {
    const stranger = await stage.enter({ client: await makeClient(stage.database), role: 'owner' })
    assert.equal(await codeOf(stranger, 'inbox:watch', { client_id: stage.shop.id }), 'not_found')
  })

  it('open to no token that is foreign, expired, or of who is shut out', async () => {
    const kept = await addPerson(stage.database, { client: stage.shop, role: 'owner' })
    const says = { client_id: stage.shop.id, role: 'owner' } as const
    const foreign = createAccessTokens('a secret of another installation altogether', Date.now)
    const theirs = await foreign.issue({ ...says, admin_id: kept.id, name: 'Dana', family: kept.family })
    const visitor = stage.visit()
    const { session_token = '' } = await visitor.ready()
    const expired = await tokenFor(kept, { ...says, holdsFor: -2_000 })
    await stage.database.run(
      { name: 'test/shut-out', text: 'UPDATE admins SET disabled_at = now() WHERE id = $1' },
      [kept.id],
    )
    for (const token of [theirs.token, session_token, expired, kept.token, 'pk_demo', '..', 'e30.e30.']) {
      const person = new Person(stage.url, { token })
      assert.equal((await person.refused.take()).code, 'unauthorized', token)
      await person.closed.take()
      assert.deepEqual(person.heard.all, [])
    }
  })

  it('tell people of another client none of all that happens', async () => {
    const stranger = await stage.enter({ client: await makeClient(stage.database), role: 'owner' })
    const dana = await stage.enter({ client: stage.shop })
    await stranger.get('inbox:watch', {})
    await dana.get('inbox:watch', { client_id: stage.shop.id })
    const { visitor, conversation_id } = await stage.ask()
    await stranger.ask('conversation:watch', { conversation_id })
    await dana.get('conversation:watch', { conversation_id })
    const call = await stage.model.calls.take()
    call.say('Hello')
    await dana.next('reply:delta')
    call.end()
    await dana.next('reply:end')
    await visitor.ask('typing:set', { typing: true })
    const body = JSON.stringify({ text: 'Be kind.' })
    const headers = { authorization: `Bearer ${dana.kept.token}` }
    await fetch(`${stage.url}/api/admin/conversations/${conversation_id}/notes`, {
      method: 'POST',
      headers,
      body,
    })
    await dana.next('note:created')
    const colleague = await stage.enter({ client: stage.shop })
    await colleague.get('conversation:watch', { conversation_id })
    await dana.next('presence:changed')
    await dana.get('conversation:take_over', { conversation_id })
    await dana.get('conversation:hand_back', { conversation_id })
    await visitor.ask('conversation:end', {})
    await dana.next('conversation:ended')
    assert.ok(new Set(dana.heard.all.map(({ event }) => event)).size >= 10)
    assert.deepEqual(stranger.heard.all, [])
  })
})
