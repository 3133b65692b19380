import { expectPeace } from './expect-peace.ts'

describe('Visitors of three nodes while everything breaks', function () {
  this.timeout(180_000)

  it('lose nothing, hear nothing twice, and have what is kept', () =>
    expectPeace({ seed: 17, seconds: 14, visitors: 12, nodes: 3, database: 'postgres' }))
})
