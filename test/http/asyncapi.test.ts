import assert from 'node:assert/strict'
import { createRequire } from 'node:module'
import { createConfig, lintFromString } from '@redocly/openapi-core'
import { Ajv } from 'ajv'
import { describe, it } from 'mocha'
import { CHAT_EVENTS, STREAM_EVENTS } from '../../protocol/chat.ts'
import { ADMIN_EVENTS, ADMIN_REQUESTS } from '../../protocol/admin.ts'
import { WIDGET_EVENTS, WIDGET_REQUESTS } from '../../protocol/widget.ts'
import { asyncApiDocument } from '../../server/http/asyncapi/document.ts'

interface Document {
  channels: Record<string, { messages: Record<string, { name: string; payload: object }> }>
  operations: Record<
    string,
    { action: string; messages: { $ref: string }[]; reply?: { messages: { $ref: string }[] } }
  >
}

const made = () => asyncApiDocument('1.2.3') as Document

describe('the AsyncAPI document', () => {
  it('fits the schema of AsyncAPI', () => {
    const specs = createRequire(import.meta.url)('@asyncapi/specs') as {
      schemasWithoutId: Record<string, object>
    }
    const ajv = new Ajv({ strict: false, logger: false, validateFormats: false })
    const fits = ajv.compile(specs.schemasWithoutId['3.0.0']!)
    assert.ok(fits(made()), JSON.stringify(fits.errors?.slice(0, 3)))
    assert.equal(fits({ ...made(), channels: [] }), false)
  })

  it('satisfies a strict linter', async function () {
    this.timeout(60_000)
    // Who may ask is told in the handshake, which no security scheme of AsyncAPI describes.
    const config = await createConfig({
      extends: ['recommended-strict'],
      rules: { 'security-defined': 'off' },
    })
    const source = JSON.stringify(made())
    const faults = await lintFromString({ source, absoluteRef: 'asyncapi.json', config })
    assert.deepEqual(
      faults.map(({ ruleId, message }) => `${ruleId}: ${message}`),
      [],
    )
  })

  it('has every request with its ack, and every event, of sockets and streams', () => {
    const { channels, operations } = made()
    const asked = { widget: WIDGET_REQUESTS, admin: ADMIN_REQUESTS }
    for (const [channel, requests] of Object.entries(asked)) {
      for (const request of Object.keys(requests)) {
        const { action, reply } = operations[`${channel}.${request}`]!
        assert.equal(action, 'receive')
        assert.equal(reply!.messages[0]!.$ref, `#/channels/${channel}/messages/${request}.ack`)
        assert.ok(channels[channel]!.messages[`${request}.ack`])
      }
    }
    const told: [operation: string, channel: string, events: object][] = [
      ['widget.tell', 'widget', WIDGET_EVENTS],
      ['admin.tell', 'admin', ADMIN_EVENTS],
      ['chat', 'chat', CHAT_EVENTS],
      ['events', 'events', STREAM_EVENTS],
    ]
    for (const [operation, channel, events] of told) {
      assert.deepEqual(
        operations[operation]!.messages.map(({ $ref }) => $ref),
        Object.keys(events).map((event) => `#/channels/${channel}/messages/${event}`),
      )
      for (const event of Object.keys(events)) assert.ok(channels[channel]!.messages[event]!.payload)
    }
  })

  it('is the same whenever it is made', () => {
    assert.equal(JSON.stringify(made()), JSON.stringify(made()))
  })
})
