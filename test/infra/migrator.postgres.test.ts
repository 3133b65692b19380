import assert from 'node:assert/strict'
import { migrations } from '../../migrations/index.ts'
import { createMigrator } from '../../server/infra/migrator.ts'
import { createEmptyDatabase, openAgain } from '../support/databases.ts'

describe('migrations by several nodes that start at once', () => {
  it('are each applied exactly once', async () => {
    const { url, drop } = await createEmptyDatabase()
    const nodes = await Promise.all(Array.from({ length: 4 }, () => openAgain({ url }, 2)))
    try {
      const applied = await Promise.all(nodes.map((node) => createMigrator(node, migrations).migrate()))
      assert.deepEqual(applied.flat().sort(), migrations.map(({ name }) => name).sort())
    } finally {
      await Promise.all(nodes.map((node) => node.close()))
      await drop()
    }
  })
})
