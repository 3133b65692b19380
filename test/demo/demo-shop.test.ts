import assert from 'node:assert/strict'
import { readConfig } from '../../server/config/config.ts'
import { DEMO_SHOP } from '../../server/config/demo-shop.ts'
import { openDemoBackend } from '../../server/demo/index.ts'
import { createOutbound } from '../../server/infra/outbound/index.ts'
import { seedDemoTools } from '../../server/demo/seed-tools.ts'
import { startApp, testConfig, type TestApp } from '../support/app.ts'
import { silentLog } from '../support/databases.ts'
import { Visitor } from '../support/visitor.ts'

const REQUEST = { method: 'GET', headers: {}, body: null, timeout: 5_000, mostBytes: 10_000 } as const
const NEVER = new AbortController().signal

describe('The demo shop, asked by a visitor', function () {
  this.timeout(60_000)
  let app: TestApp
  before(async () => {
    app = await startApp()
    await seedDemoTools(app.place.database, testConfig(), silentLog)
  })
  after(() => app.close())

  const open = async () => {
    const visitor = new Visitor(app.url)
    await visitor.ready()
    return visitor
  }
  let sent = 0
  const ask = async (visitor: Visitor, text: string) => {
    await visitor.send(`m${String(++sent)}`, text)
    return (await visitor.next('reply:end'))[0].message
  }

  it('looks an order up, and shows meanwhile that it does', async () => {
    const visitor = await open()
    await visitor.send('first', 'Where is my order 1001?')
    const [{ label, name }] = await visitor.next('tool:start')
    assert.deepEqual([label, name], ['Looking up your order', 'get_order_status'])
    const [{ ok }] = await visitor.next('tool:end')
    assert.equal(ok, true)
    const [{ message }] = await visitor.next('reply:end')
    assert.equal(message.status, 'complete')
    assert.match(message.content, /\*\*Status:\*\* on its way[^]*\*\*Tracking:\*\* PW1001001001/)
    assert.match(message.content, /No AI model is configured here yet: I go by the words/)
  })

  it('says that there is no such order, and makes none up', async () => {
    const { content: text } = await ask(await open(), 'Where is my order 4711?')
    assert.match(text, /^I am sorry\. There is no order 4711\.\n/)
    assert.doesNotMatch(text, /status/i)
  })

  it('looks at orders and shelves at once, and speaks Hebrew', async () => {
    const { content: text } = await ask(await open(), 'איפה הזמנה 1003 ויש לכם את מעיל הגשם במידה M?')
    assert.match(text, /\*\*מצב:\*\* נמסרה[^]*\*\*Ridgeline rain jacket\*\*[^]*\*\*במלאי:\*\* M/)
  })

  it('books once the visitor has agreed to exactly what it says, and not before', async () => {
    const visitor = await open()
    await ask(visitor, 'Book a fitting on Friday at 10')
    await visitor.send('who', 'Dana Levi, dana@example.com')
    const [{ call_id, label, arguments: shown }] = await visitor.next('tool:confirm')
    const { date, ...given } = shown as Record<string, string>
    assert.equal(new Date(date!).getUTCDay(), 5)
    const expected = { service: 'fitting', time: '10:00', name: 'Dana Levi', contact: 'dana@example.com' }
    assert.deepEqual([label, given], ['Book an appointment', expected])
    await visitor.ask('tool:answer', { call_id, approved: true })
    const [{ message }] = await visitor.next('reply:end')
    assert.match(message.content, /\*\*Booked:\*\* yes\n- \*\*Number:\*\* A-[0-9A-F]{6}\n/)
  })

  it('books nothing when the visitor says no', async () => {
    const visitor = await open()
    await visitor.send('book', 'Book a fitting for Dana Levi on Friday at 10, my phone is 054-1234567')
    const [{ call_id }] = await visitor.next('tool:confirm')
    await visitor.ask('tool:answer', { call_id, approved: false })
    const [{ message }] = await visitor.next('reply:end')
    assert.match(message.content, /^All right, that was not done\./)
  })

  it('asks the API of the shop', async () => {
    const { content: text } = await ask(await open(), 'Where are your stores?')
    assert.match(text, /^\*\*Acme Springfield\*\*\n\n- \*\*Address:\*\* 12 Ridge Road, Springfield\n/)
    assert.match((await ask(await open(), 'When are your shops open?')).content, /Friday and the eve/)
  })

  it('goes on quoting the help pages', async () => {
    const { content: text, sources } = await ask(await open(), 'How long does shipping take?')
    assert.match(text, /3 to 5 business days/)
    assert.ok(sources && sources.length > 0)
  })
})

describe('The address of the demo shop', () => {
  const allowed = (env: Record<string, string>) => readConfig(env).outbound.allow
  const url = `${DEMO_SHOP.url}/api/stores`

  it('is allowed with the demo seed only, as that host and port', () => {
    assert.deepEqual(allowed({ SEED_DEMO: 'false', OUTBOUND_ALLOW: '10.0.0.1:5678' }), ['10.0.0.1:5678'])
    assert.deepEqual(allowed({ SEED_DEMO: 'true', OUTBOUND_ALLOW: '10.0.0.1:5678' }), [
      DEMO_SHOP.hostAndPort,
      '10.0.0.1:5678',
    ])
  })

  it('leads into the process where it is allowed, and nothing else does', async () => {
    const backend = await openDemoBackend({ secrets: () => Promise.resolve([]), log: silentLog, pace: 0 })
    const inside = new Map([[DEMO_SHOP.hostAndPort, backend.port]])
    const resolve = () => Promise.resolve(['127.0.0.1'])
    const { hostAndPort } = DEMO_SHOP
    const open = createOutbound({ allow: [hostAndPort], inside, resolve })
    const shut = createOutbound({ allow: [], inside, resolve })
    const fault = async (outbound: typeof open, to: string) => {
      const answer = await outbound.send({ ...REQUEST, url: to }, NEVER)
      return answer.ok ? answer.status : answer.fault
    }
    try {
      assert.equal(await fault(open, url), 200)
      assert.equal(await fault(shut, url), 'refused')
      const port = String(backend.port)
      for (const other of [
        `http://backend.acme-outfitters.example:${port}/api/stores`,
        `http://127.0.0.1:${port}/api/stores`,
        `http://localhost:${port}/api/stores`,
        `http://x.${hostAndPort}/api/stores`,
      ])
        assert.equal(await fault(open, other), 'refused', other)
      const [host = ''] = hostAndPort.split(':')
      const connected = await open.connect({ host, port: backend.port }, 2_000, NEVER)
      assert.deepEqual([connected.ok, !connected.ok && connected.fault], [false, 'refused'])
    } finally {
      await backend.close()
    }
  })
})
