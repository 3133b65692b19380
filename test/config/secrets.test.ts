import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { readConfig } from '../../server/config/config.ts'
import { ConfigError } from '../../server/config/fault.ts'

const DATABASE_URL = 'postgres://db/parlor'
const JWT_SECRET = 's'.repeat(32)
const KEY = randomBytes(32)

describe('The secrets of the configuration', () => {
  it('have to be given beside a Postgres, and all that are missing are told at once', () => {
    assert.deepEqual(
      faultsOf({ DATABASE_URL, PORT: 'x' }).map(({ variable, problem }) => [variable, problem]),
      [
        ['JWT_SECRET', 'is not set'],
        ['ENCRYPTION_KEY', 'is not set'],
        ['PORT', 'is "x"'],
      ],
    )
  })

  it('come from whoever keeps them where they are not given, by the data folder', () => {
    const asked: string[][] = []
    const keep = (dir: string, name: string) => {
      asked.push([dir, name])
      return KEY.toString('hex')
    }
    const { secrets } = readConfig({ DATA_DIR: '/var/lib/parlor' }, keep)
    assert.deepEqual(secrets, { jwt: KEY.toString('hex'), encryption: KEY, encryptionPrevious: null })
    assert.deepEqual(asked, [
      ['/var/lib/parlor', 'jwt-secret'],
      ['/var/lib/parlor', 'encryption-key'],
    ])
    const given = readConfig({ JWT_SECRET, ENCRYPTION_KEY: KEY.toString('hex') }, () => assert.fail('asked'))
    assert.equal(given.secrets.jwt, JWT_SECRET)
  })

  it('are never asked for when something else is wrong', () => {
    assert.throws(() => readConfig({ PORT: 'x' }, () => assert.fail('asked')), ConfigError)
  })

  for (const encoding of ['hex', 'base64', 'base64url'] as const)
    it(`are taken in ${encoding}`, () => {
      const { secrets } = readConfig({
        ...{ DATABASE_URL, JWT_SECRET },
        ENCRYPTION_KEY: KEY.toString(encoding),
        ENCRYPTION_KEY_PREVIOUS: Buffer.alloc(32, 7).toString(encoding),
      })
      assert.deepEqual(secrets.encryption, KEY)
      assert.deepEqual(secrets.encryptionPrevious, Buffer.alloc(32, 7))
    })

  it('are refused when too short or of no known form, without being shown', () => {
    const wrong = { JWT_SECRET: 'hunter2', ENCRYPTION_KEY: 'a'.repeat(63), ENCRYPTION_KEY_PREVIOUS: 'äb' }
    const faults = faultsOf({ DATABASE_URL, ...wrong })
    assert.deepEqual(
      faults.map(({ variable }) => variable),
      Object.keys(wrong),
    )
    for (const secret of Object.values(wrong)) assert.ok(!JSON.stringify(faults).includes(secret))
  })
})

describe('The first owner', () => {
  it('is made of both variables', () => {
    const ADMIN_PASSWORD = 'correct horse battery'
    assert.equal(readConfig({}).firstOwner, null)
    assert.deepEqual(readConfig({ ADMIN_EMAIL: 'dana@shop.example', ADMIN_PASSWORD }).firstOwner, {
      email: 'dana@shop.example',
      password: ADMIN_PASSWORD,
    })
  })

  it('is refused with one of them alone, or with a password that is short', () => {
    assert.match(messageOf({ ADMIN_EMAIL: 'dana@shop.example' }), /^ADMIN_PASSWORD is not set; .+12 to 200/)
    assert.match(messageOf({ ADMIN_PASSWORD: 'x'.repeat(12) }), /^ADMIN_EMAIL is not set; /)
    const both = messageOf({ ADMIN_EMAIL: 'dana', ADMIN_PASSWORD: 'hunter2' })
    assert.match(both, /^ADMIN_EMAIL is "dana"; .+\nADMIN_PASSWORD cannot be used \(its value is not shown\)/)
    assert.doesNotMatch(both, /hunter2/)
  })
})

function errorOf(env: Record<string, string>): ConfigError {
  try {
    readConfig(env)
  } catch (error) {
    if (error instanceof ConfigError) return error
    throw error
  }
  return assert.fail('it was taken')
}

const faultsOf = (env: Record<string, string>) => errorOf(env).faults
const messageOf = (env: Record<string, string>) => errorOf(env).message
