import assert from 'node:assert/strict'
import { createSecrets } from '../../server/infra/secrets.ts'
import { testConfig } from '../support/app.ts'
import { openTestDatabase, type TestDatabase } from '../support/databases.ts'
import { seedDemo } from '../../server/seed.ts'
import { startParlor } from '../support/parlor-process.ts'
import type { ServerProcess } from '../support/server-process.ts'
import * as n8n from '../support/stand-in-n8n.ts'
import { AnthropicStandIn, GOOD_KEY } from '../support/vendors/anthropic.ts'
import { toolCalls, words } from '../support/vendors/scenarios.ts'
import { returning, Visitor } from '../support/visitor.ts'
import { setUpTools } from '../tools/turn/stage.ts'

describe('A server killed while a workflow is at work', function () {
  this.timeout(120_000)
  let place: TestDatabase
  let standIn: n8n.StandIn
  let vendor: AnthropicStandIn
  let server: Pick<ServerProcess, 'url' | 'kill'>
  before(async () => {
    place = await openTestDatabase()
    standIn = await n8n.startStandIn()
    vendor = await AnthropicStandIn.start()
    await seedDemo(place.database)
    const tools = { book: { set: { policy: 'write' } }, look: { set: { idempotent: true } } }
    const secrets = createSecrets(testConfig().secrets)
    await setUpTools(place.database, 'pk_demo', { standIn, tools, secrets })
    server = await start()
  })
  after(async () => {
    await server.kill()
    await Promise.all([standIn.close(), vendor.close()])
    await place.close()
  })

  const start = async (): Promise<Pick<ServerProcess, 'url' | 'kill'>> => {
    const parlor = startParlor(['start'], {
      ...{ DATABASE_URL: place.url!, SEED_DEMO: 'true', RATE_LIMITS: 'off', PORT: '0', LOG_LEVEL: 'info' },
      ...{ ANTHROPIC_API_KEY: GOOD_KEY, ANTHROPIC_BASE_URL: vendor.url, OUTBOUND_ALLOW: standIn.hostAndPort },
    })
    const [, url = ''] = await parlor.says(/"url":"([^"]+)".*"msg":"Parlor is up"/)
    return {
      url,
      async kill() {
        parlor.child.kill('SIGKILL')
        await parlor.ended
      },
    }
  }
  /** Kills it while the workflow works, and gives what the model of the next server reads. */
  const killedDuring = async (tool: string) => {
    standIn.calls.clear()
    standIn.on(`/${tool}`, n8n.silent)
    vendor.play(toolCalls([{ id: 'c1', name: tool, json: ['{"order":"1001"}'] }]), words(['So it is.']))
    const tab = new Visitor(server.url)
    const ready = await tab.ready()
    await tab.send('m1', 'Please')
    const { headers } = await standIn.calls.take()
    standIn.on(`/${tool}`, n8n.json({ done: 'indeed' }))
    await server.kill()
    tab.close()
    vendor.requests.clear()
    server = await start()
    const { body } = await vendor.requests.take()
    const again = new Visitor(server.url, returning(ready))
    const { messages, reply } = await again.ready()
    const answer = reply ? (await again.next('reply:end'))[0].message : messages.at(-1)
    again.close()
    assert.equal(answer?.content, 'So it is.')
    const keys = standIn.calls.all.map((call) => call.headers['idempotency-key'])
    assert.ok(keys.every((key) => key === headers['idempotency-key']))
    return { read: JSON.stringify(body), times: keys.length }
  }

  it('does not call it again where twice would do harm, and says that the outcome is unknown', async () => {
    const { read, times } = await killedDuring('book')
    assert.match(read, /outcome of this call is unknown/)
    assert.equal(times, 1)
  })

  it('calls it again, under the same key, where twice does no harm', async () => {
    const { read, times } = await killedDuring('look')
    assert.match(read, /indeed/)
    assert.equal(times, 2)
  })
})
