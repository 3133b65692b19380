import assert from 'node:assert/strict'
import { RATES } from '../../protocol/limits.ts'
import type { Problem } from '../../protocol/rest.ts'
import { createSecretKeys } from '../../server/auth/secret-keys.ts'
import { defineModels } from '../../models/index.ts'
import type { EventReader } from '../support/event-reader.ts'
import { RestVisitor, type Answered } from '../support/rest-visitor.ts'
import { limitedApp } from './limited-app.ts'

const OFFICE = '192.0.2.1'
const HOME = '198.51.100.2'
const PER_VISITOR = RATES.visitorMessages.most
const PER_ADDRESS = RATES.addressMessages.most

describe('Requests without a socket', function () {
  this.timeout(60_000)
  const limited = limitedApp()

  const from = (
    address: string,
    session: { session_id: string; session_token?: string | undefined } | null = null,
  ) => new RestVisitor(limited.app.url, session, { 'x-forwarded-for': address })
  const newcomer = async (address: string) => {
    const visitor = from(address)
    await visitor.start()
    return visitor
  }
  const send = (visitor: RestVisitor) =>
    visitor.post<Problem>('messages', { client_message_id: crypto.randomUUID(), text: 'Hello' })
  const assertLimited = ({ status, headers, body }: Answered<{ code?: string }>) => {
    assert.deepEqual([status, body.code], [429, 'rate_limited'])
    assert.ok(Number(headers.get('retry-after')) >= 1)
  }

  it('are so many messages a minute from one visitor, whichever door and address they come by', async () => {
    const visitor = await newcomer(OFFICE)
    const tab = limited.open(HOME, { ...visitor.session })
    await tab.ready()
    for (let sent = 0; sent < PER_VISITOR; sent += 2) {
      assert.equal((await send(visitor)).status, 200)
      await tab.send(crypto.randomUUID(), 'Hello')
    }
    assertLimited(await send(visitor))
    const chatted = await visitor.chat('Hello')
    assertLimited(chatted)
    assert.equal(chatted.body.session_id, visitor.session.session_id)
    const answer = await tab.ask('message:send', { client_message_id: 'x', text: 'Hello' })
    assert.equal(!answer.ok && answer.error.code, 'rate_limited')
    limited.passMinute()
    assert.equal((await visitor.chat('Hello')).status, 200)
  })

  it('are so many messages from one address, and none of them is another’s', async () => {
    for (let visitors = 0; visitors < PER_ADDRESS / PER_VISITOR; visitors++) {
      const visitor = await newcomer(OFFICE)
      for (let sent = 0; sent < PER_VISITOR; sent++) assert.equal((await send(visitor)).status, 200)
    }
    assertLimited(await from(OFFICE).chat('Hello'))
    assert.equal((await from(HOME).chat('Hello')).status, 200)
  })

  it('are so many from one address, reading ones too', async () => {
    const visitor = await newcomer(OFFICE)
    let asked = 0
    let answered = await visitor.history()
    while (answered.status === 200 && asked++ < RATES.addressRequests.most) answered = await visitor.history()
    assertLimited(answered as never)
    assert.equal(asked, RATES.addressRequests.most)
    const elsewhere = from(HOME, { ...visitor.session })
    assert.equal((await elsewhere.history()).status, 200)
  })

  it('are so many streams from one address at once; one that ends makes room', async () => {
    const visitor = await newcomer(OFFICE)
    const streams: EventReader[] = []
    for (let open = 0; open < RATES.addressStreams; open++) {
      const stream = visitor.listen()
      await stream.next('session:ready')
      streams.push(stream)
    }
    const { status, body } = await visitor.listen().refusal()
    assert.deepEqual([status, body['code']], [429, 'too_many_connections'])
    assert.equal((await visitor.streamChat('Hello').refusal()).status, 429)
    const elsewhere = from(HOME, { ...visitor.session })
    await elsewhere.listen().next('session:ready')
    streams[0]?.close()
    await streams[0]?.ended
    // The server hears of it a moment later.
    for (;;) {
      const stream = visitor.listen()
      if ((await stream.answered).statusCode === 200) break
      await stream.ended
    }
    visitor.close()
    elsewhere.close()
  })

  it('of a client’s own server are its visitors’, not its address’s', async () => {
    const { database } = limited.app.place
    const issued = await createSecretKeys(database, defineModels(database.sequelize)).create(
      { api_key: 'pk_demo' },
      'test',
    )
    assert.ok(issued.ok)
    const server = from(OFFICE)
    const headers = { authorization: `Bearer ${issued.data.key}` }
    const ask = (body: object) =>
      server.ask<Problem & { session_id: string }>('POST', '/api/v1/chat', body, headers)
    const { session_id } = (await ask({ message: 'Hello' })).body
    for (let sent = 1; sent < PER_VISITOR; sent++)
      assert.equal((await ask({ message: 'Hello', session_id })).status, 200)
    assertLimited(await ask({ message: 'Hello', session_id }))
    const others = await Promise.all(Array.from({ length: PER_ADDRESS }, () => ask({ message: 'Hello' })))
    assert.deepEqual(new Set(others.map(({ status }) => status)), new Set([200]))
  })
})
