import assert from 'node:assert/strict'
import { createOutbound } from '../../server/infra/outbound/index.ts'
import { json, startStandIn, type StandIn } from '../support/stand-in-n8n.ts'

/** Every one of them means this machine, its network, or its landlord; PORT is one on which somebody listens here. */
const PRIVATE = [
  ...['http://127.0.0.1:PORT/', 'http://127.1:PORT/', 'http://127.0.1:PORT/', 'http://2130706433:PORT/'],
  ...[
    'http://0x7f000001:PORT/',
    'http://0x7f.1:PORT/',
    'http://0177.0.0.1:PORT/',
    'http://017700000001:PORT/',
  ],
  ...[
    'http://127.0.0.1.:PORT/',
    'http://127%2e0%2e0%2e1:PORT/',
    'http://①②⑦.⓪.⓪.①:PORT/',
    'http://127。0。0。1:PORT/',
  ],
  ...['http://0:PORT/', 'http://0.0.0.0:PORT/', 'http://127.255.255.254:PORT/', 'http://[::1]:PORT/'],
  ...['http://[::]:PORT/', 'http://[::ffff:127.0.0.1]:PORT/', 'http://[::ffff:7f00:1]:PORT/'],
  ...['http://[::127.0.0.1]:PORT/', 'http://[64:ff9b::127.0.0.1]:PORT/', 'http://[64:ff9b::7f00:1]:PORT/'],
  ...['http://[2002:7f00:1::]:PORT/', 'http://[2001:0:7f00:1::]:PORT/', 'http://[fe80::1]:PORT/'],
  ...[
    'http://[fd00:ec2::254]/',
    'http://169.254.169.254/latest/meta-data/',
    'http://0xa9fea9fe/',
    'http://2852039166/',
  ],
  ...['http://10.0.0.1/', 'http://172.16.0.1/', 'http://192.168.1.1/', 'http://100.100.100.200/'],
  ...[
    'http://localhost:PORT/',
    'http://localhost.:PORT/',
    'http://LOCALHOST:PORT/',
    'http://shop.localhost:PORT/',
  ],
  ...[
    'http://public.example@127.0.0.1:PORT/',
    'http://127.0.0.1:PORT@public.example/',
    'http://a:b@localhost:PORT/',
  ],
  ...['http://metadata.google.internal/', 'http://rebinds.example:PORT/', 'http://mixed.example:PORT/'],
  ...['https://127.0.0.1:PORT/', 'http:\\\\127.0.0.1:PORT/', 'http:127.0.0.1:PORT/', '//127.0.0.1:PORT/'],
  ...[
    'file:///etc/passwd',
    'ftp://127.0.0.1:PORT/',
    'gopher://127.0.0.1:PORT/',
    'ws://127.0.0.1:PORT/',
    'unix:/tmp/x',
  ],
  ...['data:text/plain,hi', 'javascript:alert(1)', 'http://', 'http://[::1', '', 'http://${HOST}:PORT/'],
]

/** What names these addresses have, in the mind of whoever attacks. */
const NAMES: Record<string, string[]> = {
  'metadata.google.internal': ['169.254.169.254'],
  'rebinds.example': ['127.0.0.1'],
  'mixed.example': ['1.1.1.1', '127.0.0.1'],
  'public.example': ['1.1.1.1'],
}

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
