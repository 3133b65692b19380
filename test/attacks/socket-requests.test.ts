import assert from 'node:assert/strict'
import { afterEach, beforeEach, describe, it } from 'mocha'
import fc from 'fast-check'
import { ERRORS } from '../../protocol/errors.ts'
import type { Result } from '../../protocol/result.ts'
import { WIDGET_REQUESTS, type WidgetRequest } from '../../protocol/widget.ts'
import { Visitor } from '../support/visitor.ts'
import { attackedApp } from './attacked-app.ts'
import { anything, fitting, unfit } from './schema-payloads.ts'

const SEED = 20261123
const ACK_MS = 5_000

/** Names that Socket.IO's parser takes from nobody. */
const RESERVED = ['connect', 'connect_error', 'disconnect', 'disconnecting', 'newListener', 'removeListener']

describe('A socket’s requests, malformed', () => {
  const app = attackedApp()
  let visitor: Visitor

  beforeEach(async () => {
    visitor = new Visitor(app.url)
    await visitor.ready()
  })
  afterEach(async () => {
    await visitor.send(`good-${crypto.randomUUID()}`, 'And I?')
    visitor.close()
  })

  /** Sends whatever is given, and gives what it is acked with. */
  async function answerTo(event: string, ...args: unknown[]): Promise<Result<unknown>> {
    const socket = visitor.socket as unknown as {
      timeout(ms: number): { emitWithAck(event: string, ...args: unknown[]): Promise<unknown> }
    }
    return (await socket.timeout(ACK_MS).emitWithAck(event, ...args)) as Result<unknown>
  }

  function emit(event: string, ...args: unknown[]): void {
    ;(visitor.socket as unknown as { emit(event: string, ...args: unknown[]): void }).emit(event, ...args)
  }

  async function isRefused(code: string, event: string, ...args: unknown[]): Promise<void> {
    const answer = await answerTo(event, ...args)
    assert.deepEqual(answer.ok ? answer : answer.error.code, code)
  }

  /** An answer as the protocol has it; a bug of ours is none. */
  function isAnAnswer(answer: Result<unknown>): void {
    if (answer.ok) assert.equal(typeof answer.data, 'object')
    else
      assert.ok(answer.error.code in ERRORS && answer.error.code !== 'internal', JSON.stringify(answer.error))
  }

  for (const event of Object.keys(WIDGET_REQUESTS) as WidgetRequest[]) {
    const { payload } = WIDGET_REQUESTS[event]

    describe(`${event}, attacked`, () => {
      it('refuses every payload that its schema does not allow', async () => {
        await fc.assert(
          fc.asyncProperty(unfit(payload), (value) => isRefused('invalid_payload', event, value)),
          { seed: SEED, numRuns: 120 },
        )
      })

      it('answers whatever JSON can say', async () => {
        await fc.assert(
          fc.asyncProperty(anything(payload), async (value) => isAnAnswer(await answerTo(event, value))),
          { seed: SEED, numRuns: 60 },
        )
      })

      it('answers every payload that its schema allows', async () => {
        await fc.assert(
          fc.asyncProperty(fitting(payload), async (value) => isAnAnswer(await answerTo(event, value))),
          { seed: SEED, numRuns: 40 },
        )
      })

      it('refuses no payload, an ack for a payload, and binary for a payload', async () => {
        await isRefused('invalid_payload', event)
        await isRefused('invalid_payload', event, Buffer.from('text'))
        await isRefused('invalid_payload', event, {
          text: Buffer.from('text'),
          client_message_id: 'm1',
          x: 1,
        })
        await isRefused('invalid_payload', event, [Buffer.alloc(1), Buffer.alloc(1)], Buffer.alloc(1))
      })

      it('heeds the first of several arguments only', async () => {
        await isRefused('invalid_payload', event, null, {}, 'more')
        const [good] = fc.sample(fitting(payload), { seed: SEED, numRuns: 1 })
        isAnAnswer(await answerTo(event, good, { more: true }, null, 1))
      })

      it('needs no ack', () => {
        for (const value of [undefined, null, [], {}, 'text', 1]) emit(event, value)
        emit(event)
        emit(event, {}, 'no function')
        const [good] = fc.sample(fitting(payload), { seed: SEED, numRuns: 1 })
        emit(event, good)
      })

      it('stands JSON as deep as a frame can be', async () => {
        const raw = await app.join()
        const deep = ['[', '{"a":'].map((open) => {
          const times = Math.floor(28_000 / (open.length + 1))
          return open.repeat(times) + (open === '[' ? '' : '1') + (open === '[' ? ']' : '}').repeat(times)
        })
        for (const [index, json] of deep.entries()) {
          raw.send(`42/widget,${index}["${event}",${json}]`)
          const ack = await raw.text((text) => text.startsWith(`43/widget,${index}[`))
          assert.match(ack, /"code":"invalid_payload"/)
        }
        // With an attachment the parser walks through the whole of it.
        raw.send(`451-/widget,9["${event}",${deep[0]!.replace('[]', '[{"_placeholder":true,"num":0}]')}]`)
        raw.send(Buffer.from('x'), 2)
        raw.socket.end()
        await raw.closed
      })
    })
  }

  describe('An event that is none', () => {
    it('is acked as not found, whatever its name', async () => {
      const names = fc.oneof(
        fc.constantFrom(
          '__proto__',
          'constructor',
          'toString',
          'hasOwnProperty',
          '*',
          '',
          'message:send ',
          'error',
        ),
        fc.string({ unit: 'binary' }),
      )
      const taken = new Set<string>([...Object.keys(WIDGET_REQUESTS), ...RESERVED])
      await fc.assert(
        fc.asyncProperty(
          names.filter((name) => !taken.has(name)),
          fc.jsonValue(),
          (name, value) => isRefused('not_found', name, value),
        ),
        { seed: SEED, numRuns: 60 },
      )
    })

    it('is acked when it is a number, and closes the connection when it is a word of Socket.IO', async () => {
      const raw = await app.join()
      raw.send('42/widget,1[7,{}]')
      assert.match(await raw.text((text) => text.startsWith('43/widget,1')), /"code":"not_found"/)
      for (const name of RESERVED) {
        const other = await app.join()
        other.send(`42/widget,1["${name}",{}]`)
        await other.closed
      }
      raw.socket.destroy()
    })

    it('is nothing at all when it is an ack, a disconnect or a second way in', async () => {
      for (const packet of [
        '43/widget,1[{}]',
        '43/widget,99999999999999[]',
        '41/widget,',
        '40/widget,{}',
        '40/other,',
      ]) {
        const raw = await app.join()
        raw.send(packet)
        raw.socket.end()
        await raw.closed
      }
    })
  })
})
