import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { INTEGRATION_LIMITS, SavedEndpoint } from '../../protocol/integrations.ts'
import { createOutbound } from '../../server/infra/outbound/index.ts'
import { createSchemaCompiler } from '../../server/infra/validate.ts'
import type { CustomApiConfig, CustomApiRequest } from '../../server/integrations/custom-api/config.ts'
import { createCustomApi } from '../../server/integrations/custom-api/index.ts'
import { readEndpoint, storeEndpoint } from '../../server/integrations/stored-endpoint.ts'
import { checkParametersSchema } from '../../server/tools/catalogue/parameters-schema.ts'

const PAGE = readFileSync(join(import.meta.dirname, '../../docs/integrations.md'), 'utf8')

/** The example that has this in it. */
function example(part: string): unknown {
  const found = [...PAGE.matchAll(/```json\n(.*?)```/gs)].find(([, text = '']) => text.includes(part))
  return JSON.parse(found?.[1] ?? 'null')
}

describe('docs/integrations.md', () => {
  const compile = createSchemaCompiler()
  const api = createCustomApi({ outbound: createOutbound({ allow: [] }), allow: [], now: () => 0 })

  it('connects an API that can be connected, and defines what can be asked of it', () => {
    const config = compile(api.config)(example('"base_url"'))
    assert.ok(config.ok)
    assert.equal(api.faultOf(config.data as CustomApiConfig, null), null)
    const saved = compile(SavedEndpoint)(example('"result_path"'))
    assert.ok(saved.ok)
    const checked = checkParametersSchema(saved.data.parameters)
    assert.ok(checked.ok && api.endpoints)
    assert.ok(compile(api.endpoints.request)(saved.data.request).ok)
    const endpoint = { ...readEndpoint(storeEndpoint(saved.data, checked.schema)) }
    const request = endpoint.request as CustomApiRequest
    assert.equal(api.endpoints.faultOf({ ...endpoint, request }, config.data as CustomApiConfig), null)
    const [fn] = api.functions(config.data as CustomApiConfig, [{ ...endpoint, request }])
    assert.equal(fn?.personal, true)
  })

  it('tells the limits that hold', () => {
    const { perClient, endpoints, calls, usualCache, longestCache } = INTEGRATION_LIMITS
    assert.match(PAGE, new RegExp(`\\| integrations \\| ${perClient} \\|`))
    assert.match(PAGE, new RegExp(`\\| endpoints of one \\| ${endpoints} \\|`))
    assert.match(PAGE, new RegExp(`the newest ${calls} calls`))
    assert.match(PAGE, new RegExp(`${usualCache} unless said otherwise, ${longestCache} at most`))
  })
})
