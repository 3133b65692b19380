import assert from 'node:assert/strict'
import { describe, it } from 'mocha'
import { RATES } from '../../protocol/limits.ts'
import { addPerson, demoClient, JWT_SECRET, Person } from '../support/person.ts'
import { limitedApp } from './limited-app.ts'

describe('Limits on people of the business', () => {
  const limited = limitedApp({ JWT_SECRET })

  async function signIn(): Promise<string> {
    const { database } = limited.app.place
    return (await addPerson(database, { client: await demoClient(database) })).token
  }

  it('are so many sockets for each, wherever they come from, and a place is free when one leaves', async () => {
    const token = await signIn()
    const enter = (as: string) => new Person(limited.app.url, { token: as })
    const held = Array.from({ length: RATES.adminSockets }, () => enter(token))
    await Promise.all(held.map(({ connected }) => connected))
    const more = enter(token)
    assert.equal((await more.refused.take()).code, 'too_many_connections')
    const other = enter(await signIn())
    await other.connected
    held[0]!.close()
    await held[0]!.closed.take()
    const next = enter(token)
    await next.connected
    for (const person of [...held, other, next]) person.close()
  })

  it('are so many requests on one socket', async () => {
    const person = new Person(limited.app.url, { token: await signIn() })
    await person.connected
    const { burst } = RATES.socketRequests
    const answers = await Promise.all(
      Array.from({ length: burst * 2 }, () => person.ask('inbox:unwatch', {})),
    )
    const refused = answers.filter((answer) => !answer.ok && answer.error.code === 'rate_limited')
    assert.ok(refused.length > burst / 2, `${refused.length} of ${answers.length}`)
    person.close()
  })
})
