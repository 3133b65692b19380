import assert from 'node:assert/strict'
import { NO_TOOLS, runAgent, type AgentRun, type AgentTools } from '../../server/agent/run-agent.ts'
import type { ModelStep, ToolCall } from '../../server/llm/provider.ts'
import { ScriptedProvider } from '../support/scripted-provider.ts'

const never = new AbortController().signal
const weather: ToolCall = { id: 'c1', name: 'weather', arguments: { city: 'Haifa' } }

/** Tools that remember the keys they were run under, and answer with their name. */
function rememberingTools(): AgentTools & { keys: string[] } {
  const keys: string[] = []
  return {
    keys,
    definitions: [{ name: 'weather', description: 'Tells the weather', parameters: { type: 'object' } }],
    run: (call, key) => {
      keys.push(key)
      return Promise.resolve({ call_id: call.id, name: call.name, content: 'sunny', failed: false })
    },
  }
}

interface Staged {
  provider: ScriptedProvider
  run: AgentRun
  said: string[]
  saved: [number, ModelStep][]
}

function stage(changes: Partial<AgentRun> = {}): Staged {
  const provider = new ScriptedProvider()
  const said: string[] = []
  const saved: [number, ModelStep][] = []
  const run: AgentRun = {
    ask: (request, onText, signal) => provider.ask(request, onText, signal),
    request: { client_id: 'client', system: { stable: 'Be kind.', moment: '' } },
    messages: [{ role: 'user', text: 'Is it sunny in Haifa?' }],
    tools: NO_TOOLS,
    limits: { steps: 8, calls: 16 },
    storedSteps: [],
    onText: (text) => said.push(text),
    saveStep: (index, step) => {
      saved.push([index, step])
      return Promise.resolve(true)
    },
    ...changes,
  }
  return { provider, run, said, saved }
}

describe('The agent', () => {
  it('passes on what the model says, piece by piece, and its sources', async () => {
    const { provider, run, said } = stage()
    const outcome = runAgent(run, never)
    const call = await provider.calls.take()
    call.say('It ')
    call.say('is.')
    call.end({ sources: [{ title: 'Weather' }] })
    assert.deepEqual(await outcome, {
      fenced: false,
      stop: 'end',
      toolCalls: 0,
      sources: [{ title: 'Weather' }],
    })
    assert.deepEqual(said, ['It ', 'is.'])
  })

  it('stores a step before its tools run, then asks again with their results', async () => {
    const tools = rememberingTools()
    const { provider, run, said, saved } = stage({ tools })
    const outcome = runAgent(run, never)
    const first = await provider.calls.take()
    first.say('Let me look.')
    first.end({ stop: 'tools', calls: [weather], native: ['block'] })
    const second = await provider.calls.take()
    assert.deepEqual(saved, [[0, { text: 'Let me look.', calls: [weather], native: ['block'] }]])
    assert.deepEqual(tools.keys, ['0.0'])
    assert.deepEqual(second.request.messages.at(-1), {
      role: 'tool',
      results: [{ call_id: 'c1', name: 'weather', content: 'sunny', failed: false }],
    })
    second.say('Sunny.')
    second.end()
    await outcome
    assert.equal(said.join(''), 'Let me look.\n\nSunny.')
  })

  it('runs no tool of a step that could not be stored', async () => {
    const tools = rememberingTools()
    const { provider, run } = stage({ tools, saveStep: () => Promise.resolve(false) })
    const outcome = runAgent(run, never)
    const call = await provider.calls.take()
    call.end({ stop: 'tools', calls: [weather] })
    assert.deepEqual(await outcome, { fenced: true })
    assert.deepEqual(tools.keys, [])
  })

  it('replays stored steps under their old keys, and asks the model only after them', async () => {
    const tools = rememberingTools()
    const storedSteps = [{ text: 'Let me look.', calls: [weather] }]
    const { provider, run, said, saved } = stage({ tools, storedSteps })
    const outcome = runAgent(run, never)
    const call = await provider.calls.take()
    assert.deepEqual(tools.keys, ['0.0'])
    assert.equal(call.request.messages.length, 3)
    call.say('Sunny.')
    call.end()
    await outcome
    assert.equal(said.join(''), 'Let me look.\n\nSunny.')
    assert.deepEqual(saved, [])
  })

  it('allows no calls once the steps are used up, and ends whatever the model then wants', async () => {
    const { provider, run } = stage({ tools: rememberingTools(), limits: { steps: 1, calls: 16 } })
    const outcome = runAgent(run, never)
    const first = await provider.calls.take()
    first.end({ stop: 'tools', calls: [weather] })
    const second = await provider.calls.take()
    assert.equal(second.request.mayCall, false)
    assert.equal(second.request.tools.length, 1)
    second.end({ stop: 'tools', calls: [weather] })
    assert.equal((await outcome).fenced, false)
  })

  it('runs no more calls than the turn has left', async () => {
    const tools = rememberingTools()
    const { provider, run } = stage({ tools, limits: { steps: 8, calls: 2 } })
    const outcome = runAgent(run, never)
    const first = await provider.calls.take()
    first.end({ stop: 'tools', calls: Array.from({ length: 100 }, () => weather) })
    const second = await provider.calls.take()
    second.end()
    await outcome
    assert.deepEqual(tools.keys, ['0.0', '0.1'])
  })

  it('starts no tool after it was broken off', async () => {
    const tools = rememberingTools()
    const abort = new AbortController()
    const saveStep = () => {
      abort.abort(new Error('stopped'))
      return Promise.resolve(true)
    }
    const { provider, run } = stage({ tools, saveStep })
    const outcome = runAgent(run, abort.signal)
    const call = await provider.calls.take()
    call.end({ stop: 'tools', calls: [weather] })
    await assert.rejects(outcome, /stopped/)
    assert.deepEqual(tools.keys, [])
  })
})
