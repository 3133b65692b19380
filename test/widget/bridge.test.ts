import assert from 'node:assert/strict'
import { heard, say, type Peer } from '../../widget/bridge.ts'

const OURS = 'https://chat.example'
const says = { type: 'close' } as const

describe('the bridge between page and frame', () => {
  it('hears what its peer says', () => {
    const peer = peerOf(OURS)
    assert.deepEqual(heard(event(peer.window, OURS, { parlor: 1, says }), peer), says)
  })

  it('hears nobody else, and nothing from its peer that is not ours', () => {
    const peer = peerOf(OURS)
    const forged: [Window | null, string, unknown][] = [
      [peerOf(OURS).window, OURS, { parlor: 1, says }],
      [null, OURS, { parlor: 1, says }],
      [peer.window, 'https://evil.example', { parlor: 1, says }],
      [peer.window, `${OURS}.evil.example`, { parlor: 1, says }],
      [peer.window, 'http://chat.example', { parlor: 1, says }],
      [peer.window, 'null', { parlor: 1, says }],
      [peer.window, OURS, says],
      [peer.window, OURS, { parlor: 2, says }],
      [peer.window, OURS, { parlor: 1, says: 'close' }],
      [peer.window, OURS, { parlor: 1, says: { type: 1 } }],
      [peer.window, OURS, null],
      [peer.window, OURS, 'parlor'],
    ]
    for (const [source, origin, data] of forged) assert.equal(heard(event(source, origin, data), peer), null)
  })

  it('hears nothing before there is a peer', () => {
    assert.equal(heard(event(null, OURS, { parlor: 1, says }), { window: null, origin: OURS }), null)
  })

  it('speaks to the origin of its peer alone', () => {
    const peer = peerOf(OURS)
    say(peer, says)
    assert.deepEqual(peer.posted, [[{ parlor: 1, says }, OURS]])
  })

  it('speaks with pages that have no origin, as files do', () => {
    for (const origin of ['null', 'file://']) {
      const peer = peerOf(origin)
      say(peer, says)
      assert.equal(peer.posted[0]?.[1], '*')
      assert.deepEqual(heard(event(peer.window, 'null', { parlor: 1, says }), peer), says)
    }
  })
})

function peerOf(origin: string): Peer & { posted: unknown[][] } {
  const posted: unknown[][] = []
  const window = { postMessage: (...told: unknown[]) => posted.push(told) } as unknown as Window
  return { window, origin, posted }
}

function event(source: Window | null, origin: string, data: unknown): MessageEvent {
  return { source, origin, data } as unknown as MessageEvent
}
