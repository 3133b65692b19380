import assert from 'node:assert/strict'
import { createOutbound } from '../../server/infra/outbound/index.ts'
import { json, startStandIn, type StandIn } from '../support/stand-in-n8n.ts'
import { NAMES, PRIVATE } from './private-addresses.ts'

describe('Addresses that a tenant can set', () => {
  let standIn: StandIn
  before(async () => {
    standIn = await startStandIn()
    standIn.on('/', json({ reached: true }))
  })
  after(() => standIn.close())

  const { signal } = new AbortController()
  const opened: string[] = []
  beforeEach(() => opened.splice(0))

  /** Connects with nobody; tells with whom it would have. */
  const sendTo = (url: string) =>
    createOutbound({
      allow: ['n8n.internal:5678', `127.0.0.1:${standIn.port === 5_678 ? 5_679 : 5_678}`],
      resolve: (name) => Promise.resolve(NAMES[name] ?? ['127.0.0.1', '::1']),
      open: ({ hostname }, callback) => {
        opened.push(hostname)
        callback(new Error('connected'), null)
      },
    }).send({ method: 'POST', url, headers: {}, body: '{}', timeout: 2_000, mostBytes: 100 }, signal)

  it('lead to no connection when they are private or odd', async () => {
    assert.ok(PRIVATE.length >= 50)
    for (const url of PRIVATE.map((form) => form.replaceAll('PORT', String(standIn.port)))) {
      const answer = await sendTo(url)
      assert.deepEqual([answer.ok, !answer.ok && answer.fault], [false, 'refused'], url)
      assert.deepEqual(opened, [], url)
    }
    assert.equal(standIn.connections, 0)
  })

  it('are reached when they are public', async () => {
    for (const url of [
      'http://public.example/',
      'https://public.example/x',
      'http://1.1.1.1/',
      'http://[2606:4700::1]/',
    ])
      await sendTo(url)
    assert.deepEqual(opened, ['1.1.1.1', '1.1.1.1', '1.1.1.1', '2606:4700::1'])
  })

  it('lead nowhere private by a redirect either', async () => {
    const outbound = createOutbound({ allow: [standIn.hostAndPort] })
    const hidden = await startStandIn()
    try {
      for (const status of [301, 302, 303, 307, 308]) {
        standIn.on(`/${status}`, (response) => {
          response.writeHead(status, { location: `${hidden.url}/secret` }).end()
        })
        const url = `${standIn.url}/${status}`
        const request = {
          method: 'POST' as const,
          url,
          headers: {},
          body: '{}',
          timeout: 2_000,
          mostBytes: 100,
        }
        const answer = await outbound.send(request, signal)
        assert.deepEqual([answer.ok, !answer.ok && answer.fault], [false, 'redirected'])
      }
      assert.equal(hidden.connections, 0)
    } finally {
      await hidden.close()
    }
  })
})
