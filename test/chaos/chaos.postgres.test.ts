import { expectPeace } from './expect-peace.ts'

describe('Visitors while everything breaks, on a real Postgres', function () {
  this.timeout(180_000)

  it('lose nothing, hear nothing twice, and have what is kept', () =>
    expectPeace({ seed: 17, seconds: 8, visitors: 8, database: 'postgres' }))
})
