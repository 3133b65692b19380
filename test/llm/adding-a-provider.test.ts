import assert from 'node:assert/strict'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { PROVIDER_NAMES } from '../../server/config/models.ts'

const ROOT = join(import.meta.dirname, '../..')
const page = readFileSync(join(ROOT, 'docs/adding-a-provider.md'), 'utf8')

/** Every path that the page names, with each vendor in the place of `<vendor>`. */
function named(): string[] {
  const vendors = ['anthropic', 'openai', 'ollama']
  const paths = [...page.matchAll(/`((?:server|test|docs)\/[^`\s]+|\.env\.example|CHANGELOG\.md)`/g)].map(
    ([, path = '']) => path,
  )
  return paths.flatMap((path) =>
    path.includes('<vendor>') ? vendors.map((vendor) => path.replace('<vendor>', vendor)) : [path],
  )
}

describe('The page about adding a provider', () => {
  it('names files that are there', () => {
    const paths = named()
    assert.ok(paths.length > 20)
    assert.deepEqual(
      paths.filter((path) => !existsSync(join(ROOT, path))),
      [],
    )
  })

  it('names every file outside of the vendors’ own that knows a provider by its name', () => {
    const names = PROVIDER_NAMES.filter((name) => name !== 'offline')
    const files = ['server', 'sockets', 'protocol', 'models', 'widget'].flatMap((folder) =>
      readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' }).map(
        (name) => `${folder}/${name}`,
      ),
    )
    const knowing = files.filter((file) => {
      // Examples of the API name one as any other.
      if (file.startsWith('protocol/operations/')) return false
      if (!/\.(ts|svelte)$/.test(file) || /^server\/llm\/(anthropic|openai|ollama)\//.test(file)) return false
      const text = withoutComments(readFileSync(join(ROOT, file), 'utf8'))
      return names.some((name) => new RegExp(`['"]${name}['"]|\\b${name}:`).test(text))
    })
    const unnamed = knowing.filter((file) => !page.includes(`\`${file}\``))
    assert.deepEqual(unnamed, [])
  })
})

function withoutComments(code: string): string {
  return code.replace(/\/\*[^]*?\*\//g, '').replace(/\/\/.*/g, '')
}
