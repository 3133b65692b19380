import assert from 'node:assert/strict'
import { afterEach, beforeEach, describe, it } from 'mocha'
import fc from 'fast-check'
import { ADMIN_NAMESPACE, ADMIN_REQUESTS } from '../../protocol/admin.ts'
import { WIDGET_NAMESPACE, WIDGET_REQUESTS } from '../../protocol/widget.ts'
import { openRawWebSocket } from '../sockets/raw-websocket.ts'
import { addPerson, demoClient, JWT_SECRET, Person } from '../support/person.ts'
import { Visitor } from '../support/visitor.ts'
import { attackRequest, isRefused, SEED, type AttackedDoor } from './attack-request.ts'
import { attackedApp } from './attacked-app.ts'

/** Names that Socket.IO's parser takes from nobody. */
const RESERVED = ['connect', 'connect_error', 'disconnect', 'disconnecting', 'newListener', 'removeListener']

describe('A socket’s requests, malformed', () => {
  const app = attackedApp()
  let visitor: Visitor

  beforeEach(async () => {
    visitor = new Visitor(app.url)
    await visitor.ready()
  })
  afterEach(async () => {
    await visitor.send(`good-${crypto.randomUUID()}`, 'And I?')
    visitor.close()
  })

  const door: AttackedDoor = {
    namespace: WIDGET_NAMESPACE,
    socket: () => visitor.socket,
    join: () => app.join(),
  }
  for (const [event, { payload }] of Object.entries(WIDGET_REQUESTS)) attackRequest(door, event, payload)

  describe('An event that is none', () => {
    it('is acked as not found, whatever its name', async () => {
      const names = fc.oneof(
        fc.constantFrom(
          '__proto__',
          'constructor',
          'toString',
          'hasOwnProperty',
          '*',
          '',
          'message:send ',
          'error',
        ),
        fc.string({ unit: 'binary' }),
      )
      const taken = new Set<string>([...Object.keys(WIDGET_REQUESTS), ...RESERVED])
      await fc.assert(
        fc.asyncProperty(
          names.filter((name) => !taken.has(name)),
          fc.jsonValue(),
          (name, value) => isRefused(door, 'not_found', name, value),
        ),
        { seed: SEED, numRuns: 60 },
      )
    })

    it('is acked when it is a number, and closes the connection when it is a word of Socket.IO', async () => {
      const raw = await app.join()
      raw.send('42/widget,1[7,{}]')
      assert.match(await raw.text((text) => text.startsWith('43/widget,1')), /"code":"not_found"/)
      for (const name of RESERVED) {
        const other = await app.join()
        other.send(`42/widget,1["${name}",{}]`)
        await other.closed
      }
      raw.socket.destroy()
    })

    it('is nothing at all when it is an ack, a disconnect or a second way in', async () => {
      for (const packet of [
        '43/widget,1[{}]',
        '43/widget,99999999999999[]',
        '41/widget,',
        '40/widget,{}',
        '40/other,',
      ]) {
        const raw = await app.join()
        raw.send(packet)
        raw.socket.end()
        await raw.closed
      }
    })
  })
})

describe('The requests of a person of the business, malformed', () => {
  const app = attackedApp({ env: { JWT_SECRET } })
  let token: string
  let person: Person

  beforeEach(async () => {
    const kept = await addPerson(app.database, { client: await demoClient(app.database), role: 'owner' })
    token = kept.token
    person = new Person(app.url, { token })
    await person.connected
  })
  afterEach(async () => {
    assert.equal((await person.ask('inbox:watch', {})).ok, true)
    person.close()
  })

  const door: AttackedDoor = {
    namespace: ADMIN_NAMESPACE,
    socket: () => person.socket,
    async join() {
      const raw = await openRawWebSocket(app.port)
      raw.send(`40${ADMIN_NAMESPACE},${JSON.stringify({ token })}`)
      await raw.text((text) => text.startsWith(`40${ADMIN_NAMESPACE},`))
      return raw
    },
  }
  for (const [event, { payload }] of Object.entries(ADMIN_REQUESTS)) attackRequest(door, event, payload)

  it('are none of a visitor, nor a visitor’s of theirs', async () => {
    for (const event of Object.keys(WIDGET_REQUESTS).filter((name) => !(name in ADMIN_REQUESTS)))
      await isRefused(door, 'not_found', event, {})
    const visitor = new Visitor(app.url)
    await visitor.ready()
    for (const event of Object.keys(ADMIN_REQUESTS).filter((name) => !(name in WIDGET_REQUESTS)))
      await isRefused({ ...door, socket: () => visitor.socket }, 'not_found', event, {})
    visitor.close()
  })
})
