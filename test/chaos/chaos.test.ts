import { expectPeace } from './expect-peace.ts'

describe('Visitors while everything breaks, on the embedded database', function () {
  this.timeout(180_000)

  it('lose nothing, hear nothing twice, and have what is kept', () =>
    expectPeace({ seed: 16, seconds: 8, visitors: 8, nodes: 1, database: 'embedded' }))
})
