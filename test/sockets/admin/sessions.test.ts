import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { createAccessTokens } from '../../../server/auth/admins/access-tokens.ts'
import { openRawWebSocket } from '../raw-websocket.ts'
import { addPerson, Person, tokenFor } from '../../support/person.ts'
import { adminStage } from './stage.ts'

const DISABLE = { name: 'test/disable-admin', text: 'UPDATE admins SET disabled_at = now() WHERE id = $1' }

describe('A person of the business', () => {
  const stage = adminStage()

  async function refusal(
    auth: Record<string, unknown>,
    headers: Record<string, string> = {},
  ): Promise<string> {
    const person = new Person(stage.url, auth, headers)
    const { code } = await person.refused.take()
    await person.closed.take()
    return code
  }

  it('comes in with an access token that holds, and with nothing else', async () => {
    const { token, ...kept } = await addPerson(stage.database, { client: stage.shop })
    const says = { client_id: stage.shop.id }
    const forged = createAccessTokens('a secret that nobody here has told', Date.now)
    const foreign = await forged.issue({
      admin_id: kept.id,
      name: 'D',
      role: 'owner',
      client_id: null,
      family: kept.family,
    })
    assert.equal(await refusal({}), 'invalid_payload')
    assert.equal(await refusal({ token, role: 'owner' }), 'invalid_payload')
    assert.equal(await refusal({ token: 'x' }), 'unauthorized')
    assert.equal(await refusal({ token: foreign.token }), 'unauthorized')
    assert.equal(
      await refusal({ token: await tokenFor(kept, { ...says, holdsFor: -2_000 }) }),
      'unauthorized',
    )
    const nobody = { id: randomUUID(), family: randomUUID() }
    assert.equal(await refusal({ token: await tokenFor(nobody, says) }), 'unauthorized')
    await stage.database.run(DISABLE, [kept.id])
    assert.equal(await refusal({ token }), 'unauthorized')
  })

  it('comes from our own origin, or from no browser', async () => {
    const { token } = await addPerson(stage.database, { client: stage.shop })
    for (const origin of ['https://shop.example', 'http://localhost:1', 'null', `${stage.url}.example`])
      assert.equal(await refusal({ token }, { origin }), 'origin_not_allowed')
    const person = new Person(stage.url, { token }, { origin: stage.url })
    await person.connected
    person.close()
  })

  it('knocks once on a connection', async () => {
    const { token } = await addPerson(stage.database, { client: stage.shop })
    const raw = await openRawWebSocket(Number(new URL(stage.url).port))
    raw.send(`40/admin,${JSON.stringify({ token })}`)
    raw.send(`40/admin,${JSON.stringify({ token })}`)
    await raw.closed
  })

  it('is warned, and cut off when its token expires; and goes on with a fresh one', async () => {
    const { shop } = stage
    const cut = await stage.enter({ client: shop, holdsFor: 2_000 })
    const goesOn = await stage.enter({ client: shop, holdsFor: 2_000 })
    await cut.next('session:expiring')
    const [{ expires_at }] = await goesOn.next('session:expiring')
    const fresh = await tokenFor(goesOn.kept, { client_id: shop.id })
    const renewed = await goesOn.get('session:renew', { token: fresh })
    assert.ok(Date.parse(renewed.expires_at) > Date.parse(expires_at))
    assert.equal((await cut.next('session:ended'))[0].reason, 'expired')
    await cut.closed.take()
    assert.deepEqual(await goesOn.get('inbox:unwatch', {}), {})
    assert.ok(!goesOn.heard.all.some(({ event }) => event === 'session:ended'))
  })

  it('does not become somebody else by another’s token', async () => {
    const dana = await stage.enter({ client: stage.shop })
    const other = await addPerson(stage.database, { client: stage.shop, role: 'owner' })
    const operator = await tokenFor(dana.kept, { client_id: null, role: 'owner' })
    for (const token of [other.token, operator, 'x']) {
      const answer = await dana.ask('session:renew', { token })
      assert.equal(!answer.ok && answer.error.code, 'unauthorized')
    }
  })
})
