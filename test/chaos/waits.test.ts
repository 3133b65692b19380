import assert from 'node:assert/strict'
import type { Deed, Op } from './history.ts'
import { waitsAreShort, waitsThrough } from './waits.ts'

const message = { id: '', seq: 1, role: 'user', content: '', created_at: '' } as const

function history(...deeds: [at: number, deed: Deed, who?: string][]): Op[] {
  return deeds.map(([at, deed, who = 'v1']) => ({ at, who, ...deed }))
}

const begins: [number, Deed][] = [
  [0, { op: 'is', session: 's' }],
  [5, { op: 'sends', id: 'v1.1', text: '' }],
  [10, { op: 'acked', id: 'v1.1', message }],
]
const piece = (at: number): [number, Deed] => [
  at,
  { op: 'told', tab: 'v1/1', event: 'reply:delta', args: [1, 1, 0, 'word'] },
]
const end = (at: number, answers_to: number): [number, Deed] => [
  at,
  {
    ...{ op: 'told', tab: 'v1/1', event: 'reply:end' },
    args: [{ turn: 1, message: { ...message, role: 'assistant', answers_to } }],
  },
]
const killed = (from: number, to: number): [number, Deed, string][] => [
  [from, { op: 'suffers', fault: 'kill' }, 'world'],
  [to, { op: 'is over', fault: 'kill' }, 'world'],
]

describe('The waits of visitors', () => {
  it('are those for words from the fault on, not from before', () => {
    const story = history(...begins, piece(100), ...killed(1_000, 1_500), piece(7_000), end(7_030, 1))
    assert.equal(waitsThrough(story, 'kill').longest, 6_000)
    assert.deepEqual([...waitsAreShort(story)], [])
  })

  it('are too long when somebody streams again after more than 10 s', () => {
    const story = history(...begins, piece(100), ...killed(1_000, 1_500), piece(11_200), end(11_230, 1))
    assert.deepEqual([...waitsAreShort(story)], ['kill: somebody waited 10200 ms, and 10000 are allowed'])
  })

  it('are without end when nothing comes any more', () => {
    const story = history(...begins, ...killed(1_000, 1_500))
    assert.equal(waitsThrough(story, 'kill').longest, Infinity)
  })

  it('are those for a connection and an ack too', () => {
    const story = history(
      ...begins,
      ...killed(1_000, 1_500),
      [1_010, { op: 'lost', tab: 'v1/1', why: '' }],
      [1_020, { op: 'sends', id: 'v1.2', text: '' }],
      [9_020, { op: 'acked', id: 'v1.2', message: { ...message, seq: 2 } }],
      piece(9_030),
      end(9_060, 2),
    )
    assert.equal(waitsThrough(story, 'kill').longest, 8_030, 'words were waited for from the kill on')
  })

  it('are none for words while a person has the conversation', () => {
    const joined = { op: 'told', tab: 'v1/1', event: 'agent:joined', args: [{ epoch: 1, name: '' }] } as const
    const story = history(...begins, [20, { ...joined, args: [...joined.args] }], ...killed(1_000, 1_500))
    assert.equal(waitsThrough(story, 'kill').visitors, 0)
  })
})
