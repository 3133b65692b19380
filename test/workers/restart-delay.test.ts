import assert from 'node:assert/strict'
import { restartDelay } from '../../server/workers/restart-delay.ts'

describe('The time until a worker is started again', () => {
  const restart = { shortest: 100, longest: 30_000 }

  it('doubles with each death, up to a limit', () => {
    const longest = [1, 2, 3, 8, 9, 1_000].map((failures) => restartDelay(failures, restart, () => 1))
    assert.deepEqual(longest, [200, 400, 800, 25_600, 30_000, 30_000])
  })

  it('differs by up to a half, so that those who died together come back apart', () => {
    assert.equal(
      restartDelay(2, restart, () => 0),
      200,
    )
    assert.equal(
      restartDelay(2, restart, () => 0.5),
      300,
    )
  })
})
