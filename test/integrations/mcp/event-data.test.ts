import assert from 'node:assert/strict'
import { EventData } from '../../../server/integrations/mcp/event-data.ts'

describe('Data of events', () => {
  const read = (pieces: readonly (string | Buffer)[]) => {
    const events = new EventData()
    return pieces.flatMap((piece) => events.push(Buffer.from(piece)))
  }

  it('are whole however they were cut', () => {
    const stream = Buffer.from(
      '\uFEFFdata: ä\r\ndata:two\r\n\r\n: note\nevent: message\nid: 7\ndata: 😀\n\ndata\n\nretry: 1\n\n',
    )
    const whole = ['ä\ntwo', '😀', '']
    for (let size = 1; size < stream.length; size++) {
      const pieces = Array.from({ length: Math.ceil(stream.length / size) }, (_, at) =>
        stream.subarray(at * size, (at + 1) * size),
      )
      assert.deepEqual(read(pieces), whole, `in pieces of ${size}`)
    }
  })

  it('end with a blank line, or are none', () => {
    assert.deepEqual(read(['data: a\n']), [])
    assert.deepEqual(read(['data: a\r\rdata: b', '\r', '\r', 'x']), ['a', 'b'])
    assert.deepEqual(read(['database: a\n\nid: 3\n\n']), [])
  })

  it('come quickly out of many small pieces', () => {
    const events = new EventData()
    const one = Buffer.from('x')
    events.push(Buffer.from('data: '))
    for (let count = 0; count < 300_000; count++) events.push(one)
    assert.equal(events.push(Buffer.from('\n\n'))[0]?.length, 300_000)
  })
})
