import assert from 'node:assert/strict'
import { createOutbound, type Outbound } from '../../server/infra/outbound/index.ts'
import type { CustomApiConfig } from '../../server/integrations/custom-api/config.ts'
import { createCustomApi } from '../../server/integrations/custom-api/index.ts'
import { dataOf, openIntegrationStage, orderEndpoint, refusalIn } from '../integrations/stage.ts'
import { openTestDatabase, type TestDatabase } from '../support/databases.ts'
import { makeClient } from '../support/factories.ts'
import { json, raw, startStandIn, type StandIn } from '../support/stand-in-n8n.ts'
import { NAMES, PRIVATE } from './private-addresses.ts'

describe('Addresses of integrations', () => {
  let place: TestDatabase
  let standIn: StandIn
  let key: string
  const { signal } = new AbortController()
  before(async () => {
    place = await openTestDatabase()
  })
  after(() => place.close())
  beforeEach(async () => {
    standIn = await startStandIn()
    key = (await makeClient(place.database)).api_key
  })
  afterEach(() => standIn.close())

  const SECRET = { client_id: 'canary', client_secret: 'canary-4711' }
  const opened: string[] = []

  /** Resolves as an attacker likes, and connects with nobody; tells with whom it would have. */
  const guarded = () =>
    createOutbound({
      allow: [standIn.hostAndPort],
      resolve: (name) => Promise.resolve(NAMES[name] ?? ['127.0.0.1', '::1']),
      open: ({ hostname }, callback) => {
        opened.push(hostname)
        callback(new Error('connected'), null)
      },
    })
  const port = () => String(standIn.port === 1_024 ? 1_025 : standIn.port - 1)

  /** Why an API so connected is refused when it is kept; else what it is tried with says. */
  async function tryConfig(outbound: Outbound, config: CustomApiConfig, credentials: object | null = null) {
    const kind = createCustomApi({ outbound, allow: [standIn.hostAndPort], now: () => performance.now() })
    const fault = kind.faultOf(config, credentials)
    if (fault !== null) return `refused: ${fault}`
    return (await kind.test({ id: 'a', version: 1, config, credentials }, signal)).message
  }
  const byToken = (token_url: string) => ({
    base_url: standIn.url,
    auth: { type: 'oauth2' as const, token_url },
  })

  it('lead to no connection when they are private or odd, as base or as token address', async () => {
    opened.length = 0
    let tried = 0
    for (const form of PRIVATE) {
      for (const address of new Set([form, form.replace('http:', 'https:')])) {
        const url = address.replaceAll('PORT', port())
        const asBase = await tryConfig(guarded(), { base_url: url })
        assert.match(asBase, /^refused: |address may not be reached/, url)
        const asToken = await tryConfig(guarded(), byToken(url), SECRET)
        assert.match(asToken, /^refused: |^The token server: Its address may not be reached/, url)
        assert.deepEqual(opened, [], url)
        tried++
      }
    }
    assert.ok(tried >= 60)
    assert.equal(standIn.connections, 0)
  })

  it('lead nowhere private by a redirect, and take no credentials there', async () => {
    const hidden = await startStandIn()
    try {
      const outbound = createOutbound({ allow: [standIn.hostAndPort] })
      standIn.on('/token', json({ access_token: 'canary-token' }))
      for (const location of [`${hidden.url}/`, 'http://169.254.169.254/latest/meta-data/']) {
        standIn.on('/away', raw('', { location }, 307))
        const away = byToken(`${standIn.url}/away`)
        assert.match(await tryConfig(outbound, away, SECRET), /where we do not go/)
        const token = { ...byToken(`${standIn.url}/token`), test_path: '/away' }
        assert.match(await tryConfig(outbound, token, SECRET), /where we do not go/)
      }
      assert.equal(hidden.connections, 0)
    } finally {
      await hidden.close()
    }
  })

  it('are asked for once, and connected with what was judged, when their names change', async () => {
    const asked: string[] = []
    opened.length = 0
    const outbound = createOutbound({
      allow: [],
      resolve: (name) => Promise.resolve(asked.push(name) === 1 ? ['1.1.1.1'] : ['127.0.0.1']),
      open: ({ hostname }, callback) => {
        opened.push(hostname)
        callback(new Error('not in a test'), null)
      },
    })
    assert.match(await tryConfig(outbound, { base_url: 'https://changes.example' }), /cannot be reached/)
    assert.match(await tryConfig(outbound, { base_url: 'https://changes.example' }), /may not be reached/)
    assert.deepEqual(opened, ['1.1.1.1'])
  })

  it('and all other texts of a tenant are read by no other language', async () => {
    const stage = openIntegrationStage(place.database, [standIn.hostAndPort])
    const odd = ['${PATH}', '{{ $env.PATH }}', '<%= process.env.PATH %>', '$(id)', '`id`', '%PATH%', '#{7*7}']
    const texts = Object.fromEntries(odd.map((text, index) => [`t${String(index)}`, text]))
    const headers = { 'X-Odd': odd.join(' ') }
    const config = { base_url: standIn.url, headers }
    dataOf(await stage.integrations.create({ api_key: key }, { name: 'api', type: 'custom_api', config }))
    const request = { method: 'POST', url: '/say', query: texts, body: texts }
    dataOf(
      await stage.endpoints.save(
        { api_key: key },
        { name: 'api' },
        orderEndpoint({ name: 'say', request, policy: 'write', description: '${PATH}' }),
      ),
    )
    const asked = { function: 'say', given: { order: '${PATH}' }, user: null }
    dataOf(await stage.trials.ask({ api_key: key }, { name: 'api' }, asked, signal))
    const { path, text, headers: sent } = await standIn.calls.take()
    assert.deepEqual(JSON.parse(text), texts)
    assert.deepEqual(Object.fromEntries(new URL(path, standIn.url).searchParams), texts)
    assert.equal(sent['x-odd'], headers['X-Odd'])
    for (const base_url of ['${API}', '{{url}}', '{order}'])
      assert.match(
        refusalIn(
          await stage.integrations.create(
            { api_key: key },
            { name: 'odd', type: 'custom_api', config: { base_url } },
          ),
        ),
        /base_url is no http or https address/,
      )
  })
})
