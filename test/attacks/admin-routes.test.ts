import assert from 'node:assert/strict'
import { after, before, describe, it } from 'mocha'
import type { Problem } from '../../protocol/rest.ts'
import { OPERATIONS } from '../../protocol/operations/index.ts'
import type { Audience, Operation } from '../../protocol/operations/operation.ts'
import { ADMIN_ROLES, isAtLeast, type AdminRole } from '../../protocol/roles.ts'
import { createClientAccounts } from '../../server/auth/client-accounts.ts'
import { defineModels } from '../../models/index.ts'
import { ask } from '../http/raw-http.ts'
import { startApp, type TestApp } from '../support/app.ts'
import { addPerson, demoClient, JWT_SECRET } from '../support/person.ts'

const NOBODY = '00000000-0000-4000-8000-000000000000'

interface Asked {
  token?: string | undefined
  client?: string
}

describe('A route of the people of the business', () => {
  let app: TestApp
  let own: { id: string }
  let other: { id: string }
  /** They open nothing here, so that one of each kind is enough for all routes. */
  const known = new Map<string, ReturnType<typeof addPerson>>()
  let expired: Awaited<ReturnType<typeof addPerson>>
  let gone: Awaited<ReturnType<typeof addPerson>>

  before(async function () {
    this.timeout(60_000)
    app = await startApp({ env: { JWT_SECRET } })
    const { database } = app.place
    own = await demoClient(database)
    const accounts = createClientAccounts(database, defineModels(database.sequelize))
    const made = await accounts.create({ name: 'Others', allowed_origins: [] })
    assert.ok(made.ok)
    other = made.data
    expired = await addPerson(database, { client: null, role: 'owner', holdsFor: -1_000 })
    gone = await addPerson(database, { client: null, role: 'owner' })
    await defineModels(database.sequelize).Admin.destroy({ where: { id: gone.id } })
  })
  after(() => app.close())

  function person(settings: {
    client: { id: string } | null
    role: AdminRole
  }): ReturnType<typeof addPerson> {
    const kind = `${settings.role} of ${settings.client?.id ?? 'all'}`
    const one = known.get(kind) ?? addPerson(app.place.database, settings)
    known.set(kind, one)
    return one
  }

  for (const [key, operation, audience] of routes()) {
    const [method = '', path = ''] = key.split(' ')

    /** Asks with nothing that anybody would carry out: who may not come in is refused before it is read. */
    async function codeOf({ token, client = own.id }: Asked): Promise<string> {
      const target = path.replace(':client_id', client).replaceAll(/:[a-z_]+/g, NOBODY)
      const headers = token === undefined ? {} : { authorization: `Bearer ${token}` }
      const body = operation.body ? '{"?":1}' : undefined
      const answer = await ask(Number(new URL(app.url).port), target, {
        ...{ method, headers },
        ...(body !== undefined && { body }),
      })
      return answer.status < 300 ? 'ok' : (JSON.parse(answer.body) as Problem).code
    }

    describe(key, () => {
      it('opens to no token, one that has expired, and one of somebody who is gone', async () => {
        for (const token of [undefined, 'nonsense', expired.token, gone.token])
          assert.equal(await codeOf({ token }), 'unauthorized')
      })

      it('opens to nobody with a lesser role', async () => {
        for (const role of ADMIN_ROLES.filter((one) => !isAtLeast(one, audience.least)))
          for (const client of audience.of === 'installation' ? [null] : [null, own]) {
            const { token } = await person({ client, role })
            assert.equal(await codeOf({ token }), 'role_insufficient', `${role} of ${client?.id ?? 'all'}`)
          }
      })

      if (audience.of === 'installation')
        it('opens to the installation’s own people alone', async () => {
          const { token } = await person({ client: own, role: 'owner' })
          assert.equal(await codeOf({ token }), 'role_insufficient')
        })

      if (audience.of === 'client')
        it('is not found for another client’s people, whoever they are, nor for what is no client', async () => {
          for (const role of ADMIN_ROLES) {
            const stranger = await person({ client: other, role })
            assert.equal(await codeOf({ token: stranger.token }), 'not_found')
          }
          const { token } = await person({ client: null, role: 'owner' })
          assert.equal(await codeOf({ token, client: 'nonsense' }), 'not_found')
        })
    })
  }

  it('names its audience, whichever it is', () => {
    const operations: readonly (readonly [string, Operation])[] = Object.entries(OPERATIONS)
    for (const [key, { credentials, audience }] of operations)
      assert.equal(audience !== undefined, credentials.includes('access_token'), key)
  })
})

function routes(): (readonly [string, Operation, Audience])[] {
  const operations: readonly (readonly [string, Operation])[] = Object.entries(OPERATIONS)
  return operations.flatMap(([key, operation]) =>
    operation.audience ? [[key, operation, operation.audience] as const] : [],
  )
}
