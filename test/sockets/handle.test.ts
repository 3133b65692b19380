import assert from 'node:assert/strict'
import { afterEach, beforeEach, describe, it } from 'mocha'
import fc from 'fast-check'
import { pino } from 'pino'
import type { Socket as ServerSocket } from 'socket.io'
import { io as connect, type Socket } from 'socket.io-client'
import Type from 'typebox'
import { refuse, succeed, type Result } from '../../protocol/result.ts'
import { DatabaseUnavailable } from '../../server/infra/database.ts'
import { createBucket, type Bucket } from '../../server/infra/rate-limit.ts'
import { createSchemaCompiler } from '../../server/infra/validate.ts'
import { createListener, served } from '../../sockets/handle.ts'
import { saying, startEngine, type Running } from './engine-under-test.ts'

const valid = createSchemaCompiler()(Type.Object({ text: Type.String() }, { additionalProperties: false }))

describe('a request on a socket', () => {
  let running: Running
  let client: Socket
  let lines: Record<string, unknown>[]
  let ran: unknown[]
  let run: (payload: { text: string }) => Promise<Result<unknown>> | Result<unknown>

  beforeEach(async () => {
    lines = []
    ran = []
    run = (payload) => succeed(payload)
    running = await startEngine()
    const log = pino(
      { level: 'debug' },
      { write: (line) => lines.push(JSON.parse(line) as Record<string, unknown>) },
    )
    const listener = createListener<ServerSocket>({
      log,
      bucketOf: (socket) =>
        ((socket.data as { bucket?: Bucket }).bucket ??= createBucket({ perSecond: 0.001, burst: 5 })),
      served: {
        say: served(valid, (_socket, payload) => {
          ran.push(payload)
          return run(payload)
        }),
      },
    })
    running.io.on('connection', (socket: ServerSocket) => socket.onAny(listener))
    client = connect(running.origin, { transports: ['websocket'], forceNew: true })
    await saying(client, 'connect')
  })
  afterEach(async () => {
    client.disconnect()
    await running.close()
  })

  const ask = (...args: unknown[]) =>
    client.timeout(10_000).emitWithAck('say', ...args) as Promise<Result<unknown>>

  async function refusal(...args: unknown[]): Promise<string> {
    const answer = await ask(...args)
    assert.ok(!answer.ok)
    return answer.error.code
  }

  it('is acked with what it came to', async () => {
    assert.deepEqual(await ask({ text: 'a' }), { ok: true, data: { text: 'a' } })
    run = () => refuse('conversation_ended')
    assert.equal(await refusal({ text: 'a' }), 'conversation_ended')
  })

  it('is not run when it does not fit its schema', async () => {
    assert.equal(await refusal({ text: 1 }), 'invalid_payload')
    assert.equal(await refusal({ text: 'a', more: true }), 'invalid_payload')
    assert.equal(await refusal(), 'invalid_payload')
    assert.deepEqual(ran, [])
  })

  it('is served without an ack too', async () => {
    client.emit('say', { text: 'a' })
    client.emit('say', { text: 'b' }, 'no function')
    client.emit('say')
    await ask({ text: 'c' })
    assert.deepEqual(ran, [{ text: 'a' }, { text: 'b' }, { text: 'c' }])
  })

  it('is refused when the socket asks too often, with the time to wait', async () => {
    for (let i = 0; i < 5; i++) await ask({ text: 'a' })
    const answer = await ask({ text: 'a' })
    assert.ok(!answer.ok)
    assert.equal(answer.error.code, 'rate_limited')
    assert.ok((answer.error.retry_after_ms ?? 0) > 0)
    assert.equal(ran.length, 5)
  })

  it('is unavailable, and worth repeating, without the database', async () => {
    run = () => Promise.reject(new DatabaseUnavailable('gone'))
    const answer = await ask({ text: 'a' })
    assert.ok(!answer.ok)
    assert.deepEqual([answer.error.code, answer.error.retryable], ['unavailable', true])
  })

  it('that hits a bug is logged under the id that its sender reads, without what was said', async () => {
    run = () => {
      throw new Error('a bug')
    }
    const answer = await ask({ text: 'my secret' })
    assert.ok(!answer.ok)
    assert.equal(answer.error.code, 'internal')
    const line = lines.find(({ level }) => level === 50)
    assert.ok(line)
    assert.ok(answer.error.message.includes(line['request_id'] as string))
    assert.doesNotMatch(JSON.stringify(lines), /my secret/)
  })

  it('of an unknown kind is acked as not found', async () => {
    const answer = (await client.timeout(10_000).emitWithAck('nonsense', {})) as Result<unknown>
    assert.equal(!answer.ok && answer.error.code, 'not_found')
    client.emit('nonsense')
    await ask({ text: 'still served' })
  })

  it('cannot reach a prototype', async () => {
    const payload: unknown = JSON.parse('{"text":"a","__proto__":{"polluted":true}}')
    assert.equal(await refusal(payload), 'invalid_payload')
    assert.equal(({} as { polluted?: boolean }).polluted, undefined)
  })
})

describe('any payload whatever', () => {
  it('gets exactly one answer', async () => {
    const log = pino({ level: 'silent' })
    await fc.assert(
      fc.asyncProperty(fc.array(fc.anything(), { maxLength: 3 }), async (args) => {
        const say = served(valid, (_socket, payload: { text: string }) => succeed(payload))
        const listener = createListener({ log, bucketOf: () => null, served: { say } })
        const answers: Result<unknown>[] = []
        await new Promise<void>((resolve) =>
          listener.call({ id: 'a' }, 'say', ...args, (answer: Result<unknown>) => {
            answers.push(answer)
            resolve()
          }),
        )
        assert.equal(answers.length, 1)
        assert.equal(answers[0]!.ok, false)
      }),
      { seed: 20261123, numRuns: 200 },
    )
  })
})
