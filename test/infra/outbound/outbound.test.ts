import assert from 'node:assert/strict'
import { connect } from 'node:net'
import { createOutbound, type OutboundRequest } from '../../../server/infra/outbound/index.ts'
import {
  json,
  raw,
  reset,
  resetInBody,
  silent,
  startStandIn,
  type StandIn,
} from '../../support/stand-in-n8n.ts'

describe('A request to an address that a tenant supplies', () => {
  let standIn: StandIn
  beforeEach(async () => {
    standIn = await startStandIn()
  })
  afterEach(() => standIn.close())

  const { signal } = new AbortController()
  const allowing = () => createOutbound({ allow: [standIn.hostAndPort] })
  const to = (path: string, changes: Partial<OutboundRequest> = {}): OutboundRequest => ({
    method: 'POST',
    url: `${standIn.url}${path}`,
    headers: { 'content-type': 'application/json' },
    body: '{}',
    timeout: 5_000,
    mostBytes: 100,
    ...changes,
  })

  it('reaches a private address that the operator allows, by host and port', async () => {
    standIn.on('/a?b=c', json({ fine: true }))
    const answer = await allowing().send(to('/a?b=c', { body: '{"x":"é"}' }), signal)
    assert.ok(answer.ok)
    assert.deepEqual([answer.status, answer.body.toString()], [200, '{"fine":true}'])
    const { method, path, text, headers } = await standIn.calls.take()
    assert.deepEqual([method, path, text], ['POST', '/a?b=c', '{"x":"é"}'])
    assert.deepEqual([headers['connection'], headers['accept-encoding']], ['close', 'identity'])
  })

  it('reaches no other port of it, nor the same port under another name', async () => {
    const url = standIn.url.replace(/\d+$/, String(standIn.port === 1_024 ? 1_025 : standIn.port - 1))
    const resolve = () => Promise.resolve(['127.0.0.1'])
    for (const elsewhere of [url, `http://localhost:${standIn.port}`, `http://127.0.0.2:${standIn.port}`]) {
      const outbound = createOutbound({ allow: [standIn.hostAndPort], resolve })
      const answer = await outbound.send(to('', { url: elsewhere }), signal)
      assert.deepEqual([answer.ok, !answer.ok && answer.fault], [false, 'refused'], elsewhere)
    }
    assert.equal(standIn.connections, 0)
  })

  it('has an answer also where the status is one of failure', async () => {
    standIn.on('/a', json({ message: 'Error in workflow' }, 500))
    const answer = await allowing().send(to('/a'), signal)
    assert.deepEqual([answer.ok, answer.ok && answer.status], [true, 500])
  })

  it('follows no redirect, to wherever it leads', async () => {
    for (const location of [
      `${standIn.url}/b`,
      'http://169.254.169.254/latest/meta-data/',
      'https://example.com',
    ]) {
      standIn.on('/a', raw('', { location }, 302))
      const answer = await allowing().send(to('/a'), signal)
      assert.deepEqual(answer, { ok: false, fault: 'redirected', sent: true, detail: 'status 302' })
    }
    assert.deepEqual(
      standIn.calls.all.map(({ path }) => path),
      ['/a', '/a', '/a'],
    )
  })

  it('takes no more than it was told to, whether the length is said or not', async () => {
    standIn.on('/said', raw('x'.repeat(101), { 'content-length': '101' }))
    standIn.on('/unsaid', (response) => {
      for (let sent = 0; sent < 50; sent++) response.write('x'.repeat(1_000))
      response.end()
    })
    standIn.on('/just', raw('x'.repeat(100), {}))
    for (const path of ['/said', '/unsaid']) {
      const answer = await allowing().send(to(path), signal)
      assert.deepEqual([!answer.ok && answer.fault, !answer.ok && answer.sent], ['too_large', true])
    }
    assert.equal((await allowing().send(to('/just'), signal)).ok, true)
  })

  it('may have enough before the end: it gives what came, and closes the connection', async () => {
    const closed = new Promise<void>((resolve) => {
      standIn.on('/open', (response, request) => {
        request.socket.on('close', () => resolve())
        response.writeHead(200, { 'x-kind': 'stream' }).write('one')
      })
    })
    const heard: unknown[] = []
    const isEnough: OutboundRequest['isEnough'] = (piece, { status, headers }) => {
      heard.push([piece.toString(), status, headers['x-kind']])
      return true
    }
    const answer = await allowing().send(to('/open', { isEnough }), signal)
    assert.deepEqual([answer.ok, answer.ok && answer.body.toString()], [true, 'one'])
    assert.deepEqual(heard, [['one', 200, 'stream']])
    await closed
    standIn.on('/large', raw('x'.repeat(101), {}))
    const large = await allowing().send(to('/large', { isEnough: () => true }), signal)
    assert.equal(!large.ok && large.fault, 'too_large')
    standIn.on('/whole', raw('whole', {}))
    const whole = await allowing().send(to('/whole', { isEnough: () => false }), signal)
    assert.equal(whole.ok && whole.body.toString(), 'whole')
  })

  it('waits no longer than it was told to: for an answer, or for its end', async () => {
    standIn.on('/silent', silent)
    standIn.on('/drips', (response) => {
      response.write('x')
    })
    for (const path of ['/silent', '/drips']) {
      const answer = await allowing().send(to(path, { timeout: 400 }), signal)
      assert.deepEqual(answer, { ok: false, fault: 'timeout', sent: true, detail: 'no answer in time' })
    }
    const resolve = () => new Promise<never>(() => undefined)
    const answer = await createOutbound({ allow: [], resolve }).send(
      to('', { url: 'http://slow.example', timeout: 400 }),
      signal,
    )
    assert.deepEqual(answer, { ok: false, fault: 'timeout', sent: false, detail: 'no answer in time' })
  })

  it('is known to have been sent when the connection breaks after it, and not when there was none', async () => {
    standIn.on('/reset', reset)
    standIn.on('/half', resetInBody)
    for (const path of ['/reset', '/half']) {
      const answer = await allowing().send(to(path, { mostBytes: 10_000 }), signal)
      assert.deepEqual([!answer.ok && answer.fault, !answer.ok && answer.sent], ['broken', true], path)
    }
    const outbound = allowing()
    await standIn.close()
    const answer = await outbound.send(to('/gone'), signal)
    assert.deepEqual(answer, { ok: false, fault: 'unreachable', sent: false, detail: 'ECONNREFUSED' })
  })

  it('is known not to have been sent where the name has no address, or the other side speaks no TLS', async () => {
    const nowhere = createOutbound({ allow: [], resolve: () => Promise.resolve([]) })
    const unnamed = await nowhere.send(to('', { url: 'http://nobody.example' }), signal)
    assert.deepEqual([!unnamed.ok && unnamed.fault, !unnamed.ok && unnamed.sent], ['unreachable', false])
    const plain = await allowing().send(to('', { url: standIn.url.replace('http', 'https') }), signal)
    assert.deepEqual([!plain.ok && plain.fault, !plain.ok && plain.sent], ['unreachable', false])
  })

  it('is broken off with the signal’s reason, and its connection closed', async () => {
    const turn = new AbortController()
    const closed = new Promise<void>((resolve) => {
      standIn.on('/silent', (_, request) => {
        request.socket.on('close', () => resolve())
        turn.abort(new Error('stopped'))
      })
    })
    await assert.rejects(allowing().send(to('/silent'), turn.signal), /stopped/)
    await closed
    await assert.rejects(allowing().send(to('/silent'), AbortSignal.abort(new Error('gone'))), /gone/)
    assert.equal(standIn.calls.all.length, 1)
  })

  it('asks for a name once, judges every address, and connects with one of those that it judged', async () => {
    const asked: string[] = []
    const opened: string[] = []
    const outbound = createOutbound({
      allow: [],
      resolve: (name) =>
        Promise.resolve(asked.push(name) === 1 ? ['1.1.1.1', '2606:4700::1'] : ['127.0.0.1']),
      open: ({ hostname }, callback) => {
        opened.push(hostname)
        callback(new Error('not in a test'), null)
      },
    })
    const answer = await outbound.send(to('', { url: `http://changes.example:${standIn.port}` }), signal)
    assert.deepEqual([!answer.ok && answer.fault, !answer.ok && answer.sent], ['unreachable', false])
    assert.deepEqual([asked, opened], [['changes.example'], ['1.1.1.1', '2606:4700::1']])
  })

  it('sends nothing where the system has connected with another address than it was asked for', async () => {
    const outbound = createOutbound({
      allow: [],
      resolve: () => Promise.resolve(['1.1.1.1']),
      open: (_, callback) => {
        const socket = connect(standIn.port, '127.0.0.1', () => callback(null, socket))
        return socket
      },
    })
    const answer = await outbound.send(to('', { url: 'http://lies.example' }), signal)
    assert.deepEqual([!answer.ok && answer.fault, !answer.ok && answer.sent], ['refused', false])
    assert.equal(standIn.calls.all.length, 0)
  })
})
