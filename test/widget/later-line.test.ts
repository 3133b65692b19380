import assert from 'node:assert/strict'
import { LaterLine } from '../../widget/frame/later-line.ts'
import { UNAVAILABLE, type Line, type LinePorts } from '../../widget/frame/line.ts'

describe('A line whose code has to come first', () => {
  let closed: number
  let opened: string[]
  const ports = (): LinePorts => ({
    auth: () => Promise.reject(new Error('nobody is asked')),
    onSession: () => undefined,
    onEvent: () => undefined,
    onClosed: () => (closed += 1),
  })
  const opening = (told: LinePorts): Line => {
    opened.push('opened')
    return {
      heardAt: 7,
      request: () => Promise.resolve({ ok: true, data: {} as never }),
      close: () => {
        told.onClosed(null)
      },
    }
  }
  beforeEach(() => {
    closed = 0
    opened = []
  })

  it('is that line once it has come', async () => {
    const line = new LaterLine(Promise.resolve(opening), ports())
    assert.deepEqual([line.heardAt, await line.request('typing:set', { typing: true })], [0, UNAVAILABLE])
    await Promise.resolve()
    assert.equal(line.heardAt, 7)
    assert.ok((await line.request('typing:set', { typing: true })).ok)
    line.close()
    assert.equal(closed, 1)
  })

  it('is over, once, where it does not come', async () => {
    const line = new LaterLine(Promise.reject(new Error('offline')), ports())
    await new Promise(setImmediate)
    line.close()
    assert.equal(closed, 1)
  })

  it('is not opened any more where it was closed before', async () => {
    const line = new LaterLine(Promise.resolve(opening), ports())
    line.close()
    await new Promise(setImmediate)
    assert.deepEqual([opened, closed], [[], 1])
  })
})
