import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { readConfig } from '../../server/config/config.ts'
import type { Env } from '../../server/config/env.ts'

const ROOT = join(import.meta.dirname, '../..')

/** What others than the server read: compose.yml and the Caddyfile. */
const OF_OTHERS = ['PARLOR_NODES', 'POSTGRES_PASSWORD', 'REDIS_PASSWORD']

/** Every variable that the configuration asks for. */
function asked(): string[] {
  const names = new Set<string>()
  const env = new Proxy<Record<string, string>>({}, {
    get: (_, name) => void names.add(String(name)),
  }) as Env
  readConfig(env)
  return [...names].sort()
}

/** The names that a file tells about: the first group of each match, in which several may stand. */
function told(path: string, form: RegExp): string[] {
  const text = readFileSync(join(ROOT, path), 'utf8')
  return [...text.matchAll(form)].flatMap(([, names = '']) => names.match(/[A-Z][A-Z\d_]+/g) ?? []).sort()
}

const ROW = /^\| (`[A-Z][A-Z\d_]+`(?:, `[A-Z][A-Z\d_]+`)*) \|/gm

describe('The variables that the server reads', () => {
  it('are told about in the table of the README, each once, and no others', () => {
    assert.deepEqual(told('README.md', ROW), asked())
  })

  it('are told about in docs/operations.md, each once, and no others', () => {
    assert.deepEqual(told('docs/operations.md', ROW), asked())
  })

  it('are told about in .env.example, each once, and no others but those of the deployment', () => {
    const names = told('.env.example', /^# ([A-Z][A-Z\d_]+)=/gm)
    assert.deepEqual(names, [...asked(), ...OF_OTHERS].sort())
  })
})
