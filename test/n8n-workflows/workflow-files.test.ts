import assert from 'node:assert/strict'
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { SavedTool } from '../../protocol/tools.ts'
import { createSchemaCompiler } from '../../server/infra/validate.ts'
import { checkParametersSchema } from '../../server/tools/catalogue/parameters-schema.ts'
import { FOLDER, LATER, NAMES, readBeside, readWorkflow, type Workflow } from './workflow-file.ts'

/** The nodes that our workflows are made of, in versions that n8n 1.97.1 has; later ones keep them. */
const KNOWN: Record<string, number> = {
  'n8n-nodes-base.webhook': 2,
  'n8n-nodes-base.code': 2,
  'n8n-nodes-base.if': 2.2,
  'n8n-nodes-base.httpRequest': 4.2,
  'n8n-nodes-base.postgres': 2.6,
  'n8n-nodes-base.respondToWebhook': 1.4,
  'n8n-nodes-base.stickyNote': 1,
}
const NOTE = 'n8n-nodes-base.stickyNote'
const RESPOND = 'n8n-nodes-base.respondToWebhook'

/** All that an export may hold of ours. The rest is what n8n adds of an installation and its people. */
const OF_WORKFLOWS = ['id', 'name', 'active', 'nodes', 'connections', 'settings']
const OF_NODES = [
  ...['id', 'name', 'type', 'typeVersion', 'position', 'parameters', 'onError', 'webhookId'],
  ...['retryOnFail', 'maxTries', 'waitBetweenTries'],
]

/** The names of the nodes that `workflow` leads on to from `name`. */
function after(workflow: Workflow, name: string): string[] {
  return (workflow.connections[name]?.main ?? []).flat().map(({ node }) => node)
}

describe('The workflows for n8n', () => {
  it('are all that lie there', () => {
    const found = readdirSync(FOLDER).filter((name) => name.endsWith('.json'))
    const filesOf = (names: readonly string[]) => names.map((name) => `${name}.json`).sort()
    assert.deepEqual(found.sort(), filesOf([...NAMES, LATER]))
    assert.deepEqual(readdirSync(join(FOLDER, 'tools')).sort(), filesOf(NAMES))
  })

  for (const name of [...NAMES, LATER]) {
    describe(name, () => {
      const workflow = readWorkflow(name)
      const nodes = workflow.nodes.filter(({ type }) => type !== NOTE)
      const ofType = (type: string) => nodes.filter((node) => node.type === `n8n-nodes-base.${type}`)

      it('is made of nodes that the n8n it was tried in has', () => {
        for (const { type, typeVersion } of workflow.nodes) assert.equal(typeVersion, KNOWN[type], type)
        for (const field of ['id', 'name'] as const)
          assert.equal(new Set(workflow.nodes.map((node) => node[field])).size, workflow.nodes.length)
      })

      it('connects nodes that are there, and reaches each of them', () => {
        const names = nodes.map((node) => node.name)
        const reached = new Set(['Webhook'])
        for (const one of reached) for (const next of after(workflow, one)) reached.add(next)
        assert.deepEqual([...reached].sort(), [...names].sort())
        assert.deepEqual(
          Object.keys(workflow.connections).filter((from) => !names.includes(from)),
          [],
        )
        const links = Object.values(workflow.connections).flatMap(({ main }) => main.flat())
        for (const { type, index } of links) assert.deepEqual([type, index], ['main', 0])
      })

      it('always ends in an answer, and goes on there when a node fails', () => {
        const answers = ofType('respondToWebhook').map((node) => node.name)
        const unanswered = new Set(['Webhook'])
        for (const from of unanswered) {
          const next = after(workflow, from)
          assert.ok(next.length > 0, from)
          for (const one of next.filter((one) => !answers.includes(one))) unanswered.add(one)
        }
        for (const { name: one, onError, type } of nodes)
          if (one !== 'Webhook' && type !== RESPOND) assert.equal(onError, 'continueRegularOutput', one)
        for (const node of ofType('if')) assert.equal(workflow.connections[node.name]?.main.length, 2)
      })

      it('answers at its name, to POST, with the body as it came, by its own answer', () => {
        const [webhook, ...more] = ofType('webhook')
        assert.deepEqual(more, [])
        assert.deepEqual(webhook?.parameters, {
          httpMethod: 'POST',
          path: name,
          responseMode: 'responseNode',
          options: { rawBody: true },
        })
        assert.deepEqual(after(workflow, 'Webhook'), ['Verify'])
        assert.deepEqual(after(workflow, 'Verify'), ['Is it genuine?'])
        assert.deepEqual([workflow.id, workflow.name, workflow.active], [name, name, false])
      })

      it('holds the code that lies beside it', () => {
        for (const node of ofType('code')) {
          const file = `code/${node.name.toLowerCase().replaceAll(' ', '-')}.js`
          assert.ok(existsSync(join(FOLDER, file)), file)
          assert.equal(node.parameters['jsCode'], readBeside(file), `${file}: run n8n-workflows/put-code.mjs`)
        }
      })

      it('waits for the other system a bounded time, follows no redirects, and reads what it refuses', () => {
        const later = name === LATER
        for (const { name: one, parameters } of ofType('httpRequest')) {
          const { redirect, response, timeout } = parameters['options'] as Record<string, unknown>
          assert.deepEqual(redirect, { redirect: { followRedirects: false } })
          assert.equal(timeout, later && one === 'Book' ? 300_000 : 10_000)
          if (one === 'Bring the result') continue
          assert.deepEqual(response, { response: { fullResponse: true, neverError: true } })
        }
      })

      it('carries no pinned data, no credentials, no secrets, and nothing of anybody’s installation', () => {
        assert.deepEqual(Object.keys(workflow).sort(), [...OF_WORKFLOWS].sort())
        for (const node of workflow.nodes)
          assert.deepEqual(
            Object.keys(node).filter((key) => !OF_NODES.includes(key)),
            [],
          )
        const text = readBeside(`${name}.json`)
        assert.doesNotMatch(text, /whsec_[A-Za-z0-9+/]{4}|Bearer |api[_-]?key|password|@[a-z0-9-]+\.[a-z]/i)
        assert.doesNotMatch(text, /https?:\/\//)
      })

      it('comes with a tool that can be saved', () => {
        const its = name === LATER ? 'book_appointment' : name
        const tool = JSON.parse(readBeside(`tools/${its}.json`)) as SavedTool
        assert.ok(createSchemaCompiler()(SavedTool)(tool).ok)
        assert.ok(checkParametersSchema(tool.parameters_schema).ok)
        assert.equal(tool.tool_name, its)
      })
    })
  }
})
