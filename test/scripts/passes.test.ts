import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

const ROOT = join(import.meta.dirname, '../..')
/** A script without types. */
const PASSES = pathToFileURL(join(ROOT, 'scripts/passes.mjs')).href

describe('The passes of the tests', () => {
  // Mocha leaves out in silence what it does not find, and does not know every sign of a shell.
  it('name only files and folders that there are', async () => {
    const { LANES } = (await import(PASSES)) as { LANES: (string | { files: string[] })[][] }
    const patterns = LANES.flat().flatMap((pass) => (typeof pass === 'string' ? [] : pass.files))
    assert.ok(patterns.length > 0)
    for (const pattern of patterns) {
      assert.doesNotMatch(pattern, /[{}]/)
      const fixed = pattern.slice(0, pattern.search(/[*!]|$/))
      assert.ok(existsSync(join(ROOT, fixed)), pattern)
    }
  })
})
