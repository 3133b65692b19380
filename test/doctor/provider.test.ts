import assert from 'node:assert/strict'
import { after, before, describe, it } from 'mocha'
import { readConfig } from '../../server/config/config.ts'
import type { Finding } from '../../server/doctor/finding.ts'
import { examineProvider } from '../../server/doctor/provider.ts'
import { AnthropicStandIn, GOOD_KEY } from '../support/vendors/anthropic.ts'
import { deadSilence, failing } from '../support/vendors/scenarios.ts'

describe('The doctor, asked about the model', () => {
  let vendor: AnthropicStandIn
  before(async () => (vendor = await AnthropicStandIn.start()))
  after(() => vendor.close())

  async function findings(
    env: Record<string, string>,
    online: boolean,
    patience?: number,
  ): Promise<Finding[]> {
    const { llm } = readConfig(env)
    const found: Finding[] = []
    for await (const finding of examineProvider(llm, online, patience)) found.push(finding)
    return found
  }

  const claude = (key = GOOD_KEY) => ({ ANTHROPIC_API_KEY: key, ANTHROPIC_BASE_URL: vendor.url })

  it('says which would answer and why, and asks nobody', async () => {
    const [offline] = await findings({}, false)
    assert.match(offline!.text, /^offline, .* No model is configured/)
    const [claudes] = await findings(claude(), false)
    assert.match(
      claudes!.text,
      /^claude, claude-.*ANTHROPIC_API_KEY is set\. It was not asked: --online does\.$/,
    )
    assert.equal(vendor.requests.all.length, 0)
  })

  it('has nobody to ask when nothing is configured', async () => {
    assert.equal((await findings({}, true)).length, 1)
  })

  it('asks one word when it is told to', async () => {
    const [, answered] = await findings(claude(), true)
    assert.match(answered!.text, /^It answered in \d+ ms\.$/)
    assert.equal(vendor.requests.all.length, 1)
  })

  it('says what to do about a key that is refused, without showing it', async () => {
    const [, refused] = await findings(claude('sk-ant-wrong-key'), true)
    assert.equal(refused!.state, 'problem')
    assert.match(refused!.text, /Check the key, its account and LLM_MODEL\.$/)
    assert.doesNotMatch(refused!.text, /wrong-key/)
  })

  it('says what to do about a limit, a silence, and a vendor that is not there', async () => {
    const limit = failing({ status: 429, headers: { 'retry-after': '3600' } })
    vendor.play(limit)
    const [, limited] = await findings(claude(), true)
    assert.match(limited!.text, /at its limit/)
    vendor.play(deadSilence)
    const [, silent] = await findings(claude(), true, 300)
    assert.match(silent!.text, /^It did not answer within 0\.3 s\./)
    const [, away] = await findings({ ...claude(), ANTHROPIC_BASE_URL: 'http://127.0.0.1:9' }, true)
    assert.match(away!.text, /Check the network, the firewall and the base URL\.$/)
    for (const finding of [limited, silent, away]) assert.equal(finding!.state, 'problem')
  })
})
