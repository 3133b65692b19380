import assert from 'node:assert/strict'
import { describe, it } from 'mocha'
import fc from 'fast-check'
import type { TSchema } from 'typebox'
import { ERRORS } from '../../protocol/errors.ts'
import type { Result } from '../../protocol/result.ts'
import type { RawWebSocket } from '../sockets/raw-websocket.ts'
import { rounds } from '../support/rounds.ts'
import { anything, fitting, unfit } from './schema-payloads.ts'

export const SEED = 20261123
const ACK_MS = 15_000

/** A way in, and somebody who has come in by it. */
export interface AttackedDoor {
  namespace: string
  /** The socket that attacks. */
  socket: () => unknown
  /** A raw connection that has come in, too. */
  join: () => Promise<RawWebSocket>
}

interface Emitting {
  emit(event: string, ...args: unknown[]): void
  timeout(ms: number): { emitWithAck(event: string, ...args: unknown[]): Promise<unknown> }
}

/** Sends whatever is given, and gives what it is acked with. */
export async function answerTo(
  door: AttackedDoor,
  event: string,
  ...args: unknown[]
): Promise<Result<unknown>> {
  const socket = door.socket() as Emitting
  return (await socket.timeout(ACK_MS).emitWithAck(event, ...args)) as Result<unknown>
}

export async function isRefused(
  door: AttackedDoor,
  code: string,
  event: string,
  ...args: unknown[]
): Promise<void> {
  const answer = await answerTo(door, event, ...args)
  assert.deepEqual(answer.ok ? answer : answer.error.code, code)
}

/** An answer as the protocol has it; a bug of ours is none. */
function isAnAnswer(answer: Result<unknown>): void {
  if (answer.ok) assert.equal(typeof answer.data, 'object')
  else
    assert.ok(answer.error.code in ERRORS && answer.error.code !== 'internal', JSON.stringify(answer.error))
}

/** Tries everything that can be wrong with one request. */
export function attackRequest(door: AttackedDoor, event: string, payload: TSchema): void {
  const emit = (...args: unknown[]) => (door.socket() as Emitting).emit(event, ...args)
  const answers = async (...args: unknown[]) => isAnAnswer(await answerTo(door, event, ...args))
  const refuses = (...args: unknown[]) => isRefused(door, 'invalid_payload', event, ...args)

  describe(`${event}, attacked`, () => {
    it('refuses every payload that its schema does not allow', async () => {
      await fc.assert(
        fc.asyncProperty(unfit(payload), (value) => refuses(value)),
        { seed: SEED, numRuns: rounds(120) },
      )
    })

    it('answers whatever JSON can say', async () => {
      await fc.assert(
        fc.asyncProperty(anything(payload), (value) => answers(value)),
        { seed: SEED, numRuns: rounds(60) },
      )
    })

    it('answers every payload that its schema allows', async () => {
      await fc.assert(
        fc.asyncProperty(fitting(payload), (value) => answers(value)),
        { seed: SEED, numRuns: rounds(40) },
      )
    })

    it('refuses no payload, an ack for a payload, and binary for a payload', async () => {
      await refuses()
      await refuses(Buffer.from('text'))
      await refuses({ text: Buffer.from('text'), client_message_id: 'm1', x: 1 })
      await refuses([Buffer.alloc(1), Buffer.alloc(1)], Buffer.alloc(1))
    })

    it('heeds the first of several arguments only', async () => {
      await refuses(null, {}, 'more')
      const [good] = fc.sample(fitting(payload), { seed: SEED, numRuns: 1 })
      await answers(good, { more: true }, null, 1)
    })

    it('needs no ack', () => {
      for (const value of [undefined, null, [], {}, 'text', 1]) emit(value)
      emit()
      emit({}, 'no function')
      const [good] = fc.sample(fitting(payload), { seed: SEED, numRuns: 1 })
      emit(good)
    })

    it('stands JSON as deep as a frame can be', () => standsDepth(door, event))
  })
}

async function standsDepth({ join, namespace }: AttackedDoor, event: string): Promise<void> {
  const raw = await join()
  const deep = ['[', '{"a":'].map((open) => {
    const times = Math.floor(28_000 / (open.length + 1))
    return open.repeat(times) + (open === '[' ? '' : '1') + (open === '[' ? ']' : '}').repeat(times)
  })
  for (const [index, json] of deep.entries()) {
    raw.send(`42${namespace},${index}["${event}",${json}]`)
    const ack = await raw.text((text) => text.startsWith(`43${namespace},${index}[`))
    assert.match(ack, /"code":"invalid_payload"/)
  }
  // With an attachment the parser walks through the whole of it.
  raw.send(`451-${namespace},9["${event}",${deep[0]!.replace('[]', '[{"_placeholder":true,"num":0}]')}]`)
  raw.send(Buffer.from('x'), 2)
  raw.socket.end()
  await raw.closed
}
