import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import http from 'node:http'
import { after, afterEach, before, beforeEach, describe, it } from 'mocha'
import { startApp, type TestApp } from '../support/app.ts'
import { EventReader } from '../support/event-reader.ts'
import { makeClient } from '../support/factories.ts'
import { addPerson, JWT_SECRET, Person, tokenFor } from '../support/person.ts'
import { ScriptedProvider } from '../support/scripted-provider.ts'
import { returning, Visitor } from '../support/visitor.ts'

/** What is done by somebody else than this server, at most so many milliseconds before everybody is cut off. */
const AT_ONCE_MS = 1_000

const SHUT = {
  client: { name: 'test/shut-client', text: `UPDATE clients SET status = 'inactive' WHERE id = $1` },
  admin: { name: 'test/shut-admin', text: 'UPDATE admins SET disabled_at = now() WHERE id = $1' },
  family: {
    name: 'test/shut-family',
    text: 'UPDATE admin_sessions SET revoked_at = now() WHERE family = $1',
  },
}

describe('Somebody who is shut out', () => {
  const model = new ScriptedProvider()
  const open: { close(): void }[] = []
  let app: TestApp
  let client: { id: string; api_key: string }

  before(async () => {
    app = await startApp({ provider: model, env: { JWT_SECRET } })
  })
  after(() => app.close())
  beforeEach(async () => {
    client = await makeClient(app.place.database)
  })
  afterEach(() => {
    for (const one of open.splice(0)) one.close()
  })

  /** Shuts somebody out, and waits until all of this has happened; fails where it takes too long. */
  async function shutOut(
    kind: keyof typeof SHUT,
    id: string,
    cut: readonly Promise<unknown>[],
  ): Promise<void> {
    await app.place.database.run(SHUT[kind], [id])
    const began = performance.now()
    await Promise.all(cut)
    const took = performance.now() - began
    assert.ok(took < AT_ONCE_MS, `it took ${Math.round(took)} ms`)
  }

  async function enter(as: {
    client: { id: string } | null
  }): Promise<Person & { id: string; family: string }> {
    const { id, family, token } = await addPerson(app.place.database, as)
    const person = new Person(app.url, { token })
    open.push(person)
    await person.connected
    return Object.assign(person, { id, family })
  }

  const visit = (auth: Record<string, unknown> = {}) => {
    const visitor = new Visitor(app.url, { client_key: client.api_key, ...auth })
    open.push(visitor)
    return visitor
  }

  it('as a client: sockets, streams, waiting requests and keys end at once; others go on', async () => {
    const visitor = visit()
    const ready = await visitor.ready()
    const { session_id, session_token } = ready
    const authorization = `Bearer ${session_token}`
    const events = new EventReader(`${app.url}/api/v1/sessions/${session_id}/events`, {
      headers: { authorization },
    })
    open.push(events)
    await events.next('session:ready')
    const waiting = http.request(`${app.url}/api/v1/chat`, {
      method: 'POST',
      headers: { authorization, 'content-type': 'application/json' },
    })
    waiting.end(JSON.stringify({ client_api_key: client.api_key, session_id, message: 'Are you there?' }))
    const chat = new EventReader(`${app.url}/api/v1/chat`, {
      method: 'POST',
      headers: { authorization, 'content-type': 'application/json' },
      body: { client_api_key: client.api_key, session_id, message: 'And you?' },
    })
    open.push(chat)
    await chat.next('chat:accepted')
    await visitor.heard.take(({ event, args }) => event === 'message:created' && args[0].message.seq === 2)
    const [dana, operator] = [await enter({ client }), await enter({ client: null })]
    const other = new Visitor(app.url)
    open.push(other)
    await other.ready()

    await shutOut('client', client.id, [
      visitor.closed.take(),
      events.next('problem'),
      events.ended,
      chat.next('problem'),
      statusOf(waiting).then((status) => assert.equal(status, 401)),
      dana.next('session:ended'),
      dana.closed.take(),
    ])
    for (const auth of [{}, returning(ready)]) {
      const { code } = await visit(auth).refused.take()
      assert.equal(code, 'client_unknown')
    }
    const started = await fetch(`${app.url}/api/v1/sessions/start`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ client_api_key: client.api_key }),
    })
    assert.equal(started.status, 401)
    assert.ok(other.socket.connected && operator.socket.connected)
  })

  it('as a person: all sockets of that person, and nobody else’s', async () => {
    const [dana, noa] = [await enter({ client }), await enter({ client })]
    await shutOut('admin', dana.id, [dana.closed.take()])
    assert.ok(noa.socket.connected)
    assert.deepEqual(dana.heard.all.at(-1), { event: 'session:ended', args: [{ reason: 'revoked' }] })
  })

  it('by a sign-in that is revoked: its sockets, and no other sign-in’s of the same person', async () => {
    const dana = await enter({ client })
    const token = await tokenFor({ id: dana.id, family: randomUUID() }, { client_id: client.id })
    const elsewhere = new Person(app.url, { token })
    open.push(elsewhere)
    await elsewhere.connected
    await shutOut('family', dana.family, [dana.closed.take()])
    assert.equal((await elsewhere.ask('inbox:watch', {})).ok, true)
  })
})

async function statusOf(request: http.ClientRequest): Promise<number | undefined> {
  const [response] = (await once(request, 'response')) as [http.IncomingMessage]
  return response.resume().statusCode
}
