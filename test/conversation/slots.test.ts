import assert from 'node:assert/strict'
import { mock } from 'node:test'
import { Slots } from '../../server/conversation/slots.ts'

describe('Slots', () => {
  let now = 0
  beforeEach(() => {
    now = 1_000
    mock.timers.enable({ apis: ['setTimeout'] })
    mock.method(performance, 'now', () => now)
  })
  afterEach(() => {
    mock.timers.reset()
    mock.restoreAll()
  })

  const pass = (ms: number) => {
    now += ms
    mock.timers.tick(ms)
  }

  it('wake those together who wait for about the same moment, nobody before his time', () => {
    const slots = new Slots(50)
    const woken: string[] = []
    slots.wait(250, () => woken.push('first'))
    pass(10)
    slots.wait(250, () => woken.push('second'))
    pass(30)
    slots.wait(250, () => woken.push('third'))
    pass(209)
    assert.deepEqual(woken, [])
    pass(1)
    assert.deepEqual(woken, ['first'])
    pass(50)
    assert.deepEqual(woken, ['first', 'second', 'third'])
  })

  it('wake nobody who waits no more, and leave no timer behind for him', () => {
    const slots = new Slots(50)
    const woken: string[] = []
    const cancel = slots.wait(250, () => woken.push('gone'))
    cancel()
    cancel()
    slots.wait(260, () => woken.push('there'))
    pass(300)
    assert.deepEqual(woken, ['there'])
  })

  it('let who is woken wait again, and cancel for others of his slot', () => {
    const slots = new Slots(50)
    const woken: string[] = []
    let cancel = () => {}
    slots.wait(40, () => {
      woken.push('first')
      cancel()
      slots.wait(40, () => woken.push('again'))
    })
    cancel = slots.wait(45, () => woken.push('second'))
    pass(50)
    assert.deepEqual(woken, ['first'])
    pass(50)
    assert.deepEqual(woken, ['first', 'again'])
  })
})
