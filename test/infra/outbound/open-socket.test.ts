import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type AddressInfo } from 'node:net'
import { createOutbound } from '../../../server/infra/outbound/index.ts'
import { NAMES, PRIVATE } from '../../attacks/private-addresses.ts'

describe('A connection with a server that does not speak HTTP', () => {
  const { signal } = new AbortController()
  const server = createServer((socket) => socket.on('error', () => undefined).end('hello'))
  let port: number
  before(async () => {
    await once(server.listen(0, '127.0.0.1'), 'listening')
    port = (server.address() as AddressInfo).port
  })
  after(() => new Promise((resolve) => server.close(resolve)))

  it('is made with what the operator allows, and nothing was said on it', async () => {
    const outbound = createOutbound({
      allow: [`db.internal:${port}`],
      resolve: () => Promise.resolve(['127.0.0.1']),
    })
    const opened = await outbound.connect({ host: 'DB.internal', port }, 5_000, signal)
    assert.ok(opened.ok)
    assert.equal(opened.host, 'db.internal')
    const [said] = (await once(opened.socket, 'data')) as [Buffer]
    assert.deepEqual([said.toString(), opened.socket.bytesWritten], ['hello', 0])
    opened.socket.destroy()
    const other = await outbound.connect({ host: 'db.internal', port: port === 1 ? 2 : 1 }, 5_000, signal)
    assert.equal(!other.ok && other.fault, 'refused')
  })

  it('is made with no private address, however it is written and whatever its name resolves to', async () => {
    let opened = 0
    const outbound = createOutbound({
      allow: [],
      resolve: (name) => Promise.resolve(NAMES[name] ?? ['127.0.0.1', '::1']),
      open: (_, callback) => {
        opened++
        callback(new Error('connected'), null)
      },
    })
    const hosts = PRIVATE.map((form) => /^\w+:[/\\]*([^/]*?)(?::PORT)?(?:\/.*)?$/.exec(form)?.[1] ?? form)
    const odd = [
      '',
      ' ',
      '/var/run',
      'a@127.0.0.1',
      '127.0.0.1:1',
      '127.0.0.1#',
      '127.0.0.1?x',
      '[::1]',
      '\0',
      'a\\b',
    ]
    for (const host of [...hosts, ...hosts.map((one) => one.replace(/^\[|\]$/g, '')), ...odd]) {
      if (host in NAMES && NAMES[host]?.every((address) => address === '1.1.1.1')) continue
      const answer = await outbound.connect({ host, port }, 1_000, signal)
      assert.equal(!answer.ok && answer.fault, 'refused', host)
    }
    assert.equal(opened, 0)
    await outbound.connect({ host: 'public.example', port }, 1_000, signal)
    assert.equal(opened, 1)
  })

  it('is tried no longer than it may, and not for whoever leaves', async () => {
    const outbound = createOutbound({
      allow: [],
      resolve: () => Promise.resolve(['1.1.1.1']),
      open: () => undefined,
    })
    const late = await outbound.connect({ host: 'slow.example', port }, 50, signal)
    assert.equal(!late.ok && late.fault, 'timeout')
    const leaving = new AbortController()
    const asked = outbound.connect({ host: 'slow.example', port }, 5_000, leaving.signal)
    leaving.abort(new Error('gone'))
    await assert.rejects(asked, /gone/)
    const nobody = await createOutbound({ allow: ['127.0.0.1:1'] }).connect(
      { host: '127.0.0.1', port: 1 },
      5_000,
      signal,
    )
    assert.equal(!nobody.ok && nobody.fault, 'unreachable')
  })
})
