import assert from 'node:assert/strict'
import { createConfig, lintFromString } from '@redocly/openapi-core'
import { describe, it } from 'mocha'
import { ERRORS, type ErrorCode } from '../../protocol/errors.ts'
import { OPERATIONS } from '../../protocol/operations/index.ts'
import type { Operation } from '../../protocol/operations/operation.ts'
import { Problem } from '../../protocol/rest.ts'
import { openApiDocument } from '../../server/http/openapi/document.ts'
import { createSchemaCompiler } from '../../server/infra/validate.ts'

interface Described {
  operationId: string
  security: object[]
  responses: Record<string, { content: Record<string, { examples?: object }> }>
}
interface Document {
  paths: Record<string, Record<string, Described>>
  components: { schemas: Record<string, object>; examples: Record<string, { value: Problem }> }
}

const operations = Object.entries(OPERATIONS) as [string, Operation][]
const made = () => openApiDocument('1.2.3') as Document
const describedAs = (key: string) => {
  const [method = '', path = ''] = key.split(' ')
  return made().paths[path.replace(/:(\w+)/g, '{$1}')]![method.toLowerCase()]!
}

describe('the OpenAPI document', () => {
  it('satisfies a strict linter', async function () {
    this.timeout(60_000)
    const config = await createConfig({ extends: ['recommended-strict'] })
    const source = JSON.stringify(made())
    const faults = await lintFromString({ source, absoluteRef: 'openapi.json', config })
    assert.deepEqual(
      faults.map(({ ruleId, message, location }) => `${ruleId}: ${message} (${location[0]?.pointer ?? ''})`),
      [],
    )
  })

  it('is the same whenever it is made', () => {
    assert.equal(JSON.stringify(made()), JSON.stringify(made()))
  })

  it('has every operation, under a name of its own', () => {
    const named = operations.map(([key]) => describedAs(key).operationId)
    assert.deepEqual(
      named,
      operations.map(([, { id }]) => id),
    )
    assert.equal(new Set(named).size, operations.length)
  })

  it('says each named object once', () => {
    const text = JSON.stringify(made())
    const { Message, Problem: problem } = made().components.schemas
    for (const schema of [Message, problem]) assert.equal(text.split(JSON.stringify(schema)).length, 2)
  })

  const compile = createSchemaCompiler()
  for (const [key, { query, body, success, errors }] of operations) {
    it(`has examples that fit the schemas of ${key}`, () => {
      for (const part of [query, body, success]) {
        if (part !== undefined)
          assert.deepEqual(compile(part.schema)(part.example), { ok: true, data: part.example })
      }
    })

    it(`has each error of ${key} under its status, as problem+json`, () => {
      const { responses } = describedAs(key)
      for (const code of [...errors, 'internal'] as ErrorCode[]) {
        const problem = responses[ERRORS[code].status]?.content['application/problem+json']
        assert.ok(problem?.examples !== undefined && code in problem.examples, code)
      }
    })
  }

  it('shows problems as they are', () => {
    const fits = compile(Problem)
    for (const [code, { value }] of Object.entries(made().components.examples)) {
      assert.ok(fits(value).ok, code)
      assert.equal(value.code, code)
    }
  })
})
