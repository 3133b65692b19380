import assert from 'node:assert/strict'
import { resolve } from 'node:path'
import { readConfig } from '../../server/config/config.ts'
import { ConfigError, type ConfigFault } from '../../server/config/fault.ts'
import { SHARED_SECRETS } from '../support/shared-secrets.ts'

const root = resolve(import.meta.dirname, '../..')

describe('configuration', () => {
  it('needs nothing: one machine, embedded, only for this machine', () => {
    const { http, data, database, engine, llm, seedDemo, rateLimits, publicDir } = readConfig({})
    assert.deepEqual(http, { host: '127.0.0.1', port: 3000, publicUrl: null, trustedProxies: [] })
    assert.deepEqual(data, { dir: resolve(root, 'data') })
    assert.deepEqual(database, { url: null, pool: 10 })
    assert.equal(engine, 'auto')
    assert.equal(llm.provider, 'auto')
    assert.deepEqual({ seedDemo, rateLimits }, { seedDemo: true, rateLimits: true })
    assert.equal(publicDir, resolve(root, 'dist/public'))
  })

  it('takes every variable at its word', () => {
    const config = readConfig({
      HOST: '0.0.0.0',
      PORT: '80',
      PUBLIC_URL: 'https://Chat.Example.com/',
      TRUSTED_PROXIES: '10.0.0.0/8, ::1',
      DATA_DIR: '/var/lib/parlor',
      DATABASE_URL: 'postgres://parlor:secret@db/parlor',
      DATABASE_POOL: '25',
      ...SHARED_SECRETS,
      SOCKET_ENGINE: 'node',
      LLM_PROVIDER: 'offline',
      RATE_LIMITS: 'off',
      LOG_LEVEL: 'debug',
    })
    assert.deepEqual(config.http, {
      host: '0.0.0.0',
      port: 80,
      publicUrl: 'https://chat.example.com',
      trustedProxies: ['10.0.0.0/8', '::1'],
    })
    assert.equal(config.data.dir, resolve('/var/lib/parlor'))
    assert.deepEqual(config.database, { url: 'postgres://parlor:secret@db/parlor', pool: 25 })
    assert.deepEqual([config.engine, config.rateLimits, config.log.level], ['node', false, 'debug'])
  })

  it('brings in the demo shop by itself in embedded mode only', () => {
    const shared = { ...SHARED_SECRETS, DATABASE_URL: 'postgres://db/parlor' }
    assert.equal(readConfig(shared).seedDemo, false)
    assert.equal(readConfig({ ...shared, SEED_DEMO: 'true' }).seedDemo, true)
    assert.equal(readConfig({ SEED_DEMO: 'false' }).seedDemo, false)
  })

  it('lists every fault at once, each with what is expected', () => {
    const faults = faultsOf({
      PORT: 'eighty',
      PUBLIC_URL: 'https://example.com/chat',
      TRUSTED_PROXIES: '10.0.0.0/40',
      DATABASE_POOL: '0',
      SOCKET_ENGINE: 'deno',
      LOG_LEVEL: 'loud',
    })
    const variables = ['DATABASE_POOL', 'LOG_LEVEL', 'PORT', 'PUBLIC_URL', 'SOCKET_ENGINE', 'TRUSTED_PROXIES']
    assert.deepEqual(faults.map(({ variable }) => variable).sort(), variables)
    assert.ok(faults.every(({ expected }) => expected.length > 0))
    const port = faults.find(({ variable }) => variable === 'PORT')
    assert.deepEqual(port, {
      variable: 'PORT',
      problem: 'is "eighty"',
      expected: 'a whole number from 0 to 65535',
    })
  })

  it('tells a fault in one line each', () => {
    const error = errorOf({ PORT: '-1', RATE_LIMITS: 'no' })
    assert.deepEqual(error.message.split('\n'), [
      'PORT is "-1"; expected a whole number from 0 to 65535',
      'RATE_LIMITS is "no"; expected on or off',
    ])
  })

  it('never shows the password of a broken DATABASE_URL', () => {
    for (const url of [
      'mysql://root:hunter2@db/parlor',
      'postgres://u:hunter2@host:port/x',
      'hunter2',
      'postgres://hunter2@db',
    ]) {
      const error = errorOf({ DATABASE_URL: url })
      assert.deepEqual(
        error.faults.map(({ variable }) => variable),
        ['DATABASE_URL'],
      )
      assert.ok(!JSON.stringify([error.message, error.faults]).includes('hunter2'), url)
    }
  })

  it('refuses a provider that it does not know, and names those that it does', () => {
    const [fault] = faultsOf({ LLM_PROVIDER: 'gemini' })
    assert.equal(fault?.variable, 'LLM_PROVIDER')
    assert.equal(fault.expected, 'auto or claude or openai or ollama or offline')
  })
})

function faultsOf(env: Record<string, string>): readonly ConfigFault[] {
  return errorOf(env).faults
}

function errorOf(env: Record<string, string>): ConfigError {
  try {
    readConfig(env)
  } catch (error) {
    if (error instanceof ConfigError) return error
    throw error
  }
  assert.fail('no fault was found')
}
