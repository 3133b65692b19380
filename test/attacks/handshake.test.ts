import assert from 'node:assert/strict'
import { describe, it } from 'mocha'
import fc from 'fast-check'
import { ERRORS } from '../../protocol/errors.ts'
import type { HandshakeRefusal } from '../../protocol/widget.ts'
import { AdminHandshake } from '../../protocol/admin.ts'
import { WidgetHandshake } from '../../protocol/widget.ts'
import { frame, openRawWebSocket } from '../sockets/raw-websocket.ts'
import { rounds } from '../support/rounds.ts'
import { attackedApp } from './attacked-app.ts'
import { anything, fitting, oddText, unfit } from './schema-payloads.ts'

const SEED = 20261123
const READY = '42/widget,["session:ready"'

describe('A handshake, malformed', () => {
  const app = attackedApp()

  /** How the server answers an `auth`. */
  async function answerTo(auth: unknown): Promise<'ready' | HandshakeRefusal> {
    const raw = await openRawWebSocket(app.port)
    raw.send(`40/widget,${auth === undefined ? '' : JSON.stringify(auth)}`)
    const answer = await raw.text((text) => text.startsWith('44/') || text.startsWith(READY))
    raw.socket.destroy()
    if (answer.startsWith(READY)) return 'ready'
    return (JSON.parse(answer.slice('44/widget,'.length)) as { data: HandshakeRefusal }).data
  }

  it('is refused with its code when it does not fit its schema', async () => {
    const refused = async (auth: unknown) => {
      const answer = await answerTo(auth)
      assert.ok(answer !== 'ready', JSON.stringify(auth))
      const speaksAnotherVersion = typeof (auth as { protocol?: unknown } | undefined)?.protocol === 'number'
      assert.ok(
        answer.code === 'invalid_payload' || (answer.code === 'protocol_unsupported' && speaksAnotherVersion),
        answer.code,
      )
    }
    const settings = { seed: SEED, numRuns: rounds(150) }
    await fc.assert(fc.asyncProperty(unfit(WidgetHandshake).filter(isObject), refused), settings)
    await refused({})
    await refused(undefined)
  })

  it('gets an answer whatever object it is', async () => {
    const answered = async (auth: unknown) => {
      const answer = await answerTo(auth)
      if (answer !== 'ready') assert.ok(answer.code in ERRORS && answer.code !== 'internal', answer.code)
    }
    const settings = { seed: SEED, numRuns: rounds(40) }
    await fc.assert(fc.asyncProperty(anything(WidgetHandshake).filter(isObject), answered), settings)
  })

  it('that is refused, or is no object, ends in a closed connection', async () => {
    const auths = [
      '{}',
      '{"client_key":"pk_nobody","protocol":1}',
      'null',
      '7',
      '"text"',
      '[]',
      '[{}]',
      'tru',
      '{',
    ]
    const joined = auths.map(async (auth) => {
      const raw = await openRawWebSocket(app.port)
      raw.send(`40/widget,${auth}`)
      await raw.closed
      assert.ok(!raw.texts().some((text) => text.startsWith(READY)), auth)
    })
    await Promise.all(joined)
  })

  it('gets no session by texts that fit and mean nothing', async () => {
    const strangers = fitting(WidgetHandshake) as fc.Arbitrary<Record<string, unknown>>
    const answered = async (auth: Record<string, unknown>, key: string, token: string) => {
      const guessed = await answerTo({ ...auth, client_key: key })
      assert.ok(guessed !== 'ready')
      assert.ok(['client_unknown', 'invalid_payload'].includes(guessed.code), guessed.code)
      const claimed = await answerTo({ ...auth, client_key: 'pk_demo', session_token: token })
      assert.ok(claimed !== 'ready')
      assert.ok(['session_invalid', 'invalid_payload'].includes(claimed.code), claimed.code)
    }
    await fc.assert(fc.asyncProperty(strangers, oddText, oddText, answered), {
      seed: SEED,
      numRuns: rounds(40),
    })
  })

  it('is one for each connection, however often it is sent', async () => {
    const connect = frame(Buffer.from('40/widget,{"client_key":"pk_demo","protocol":1}'), 1)
    const raw = await openRawWebSocket(app.port)
    raw.write(Buffer.concat(Array.from({ length: 20 }, () => connect)))
    await raw.closed
    const sessions = raw.texts().filter((text) => text.startsWith(READY))
    assert.ok(sessions.length <= 1, `${sessions.length} sessions were made on one connection`)
  })
})

describe('A handshake of the people of the business, malformed', () => {
  const app = attackedApp()

  it('is refused, and the connection closed, whatever it is', async () => {
    // A connection that is closed may take a second to say goodbye: they do so together.
    const closed: Promise<unknown>[] = []
    const refused = async (auth: unknown) => {
      const raw = await openRawWebSocket(app.port)
      closed.push(raw.closed)
      raw.send(`40/admin,${JSON.stringify(auth)}`)
      const answer = await raw.text((text) => text.startsWith('44/admin,') || text.startsWith('40/admin,'))
      const { data } = JSON.parse(answer.slice('44/admin,'.length)) as { data: HandshakeRefusal }
      assert.ok(['invalid_payload', 'unauthorized'].includes(data.code), data.code)
    }
    const settings = { seed: SEED, numRuns: rounds(80) }
    const auths = fc.oneof(unfit(AdminHandshake), anything(AdminHandshake), fitting(AdminHandshake))
    await fc.assert(fc.asyncProperty(auths.filter(isObject), refused), settings)
    await Promise.all(closed)
  })
})

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
