import assert from 'node:assert/strict'
import { readToolCommand } from '../../server/commands/tool-options.ts'

const FILES: Record<string, string> = {
  'order.json': '{"tool_name":"x"}',
  'broken.json': '{',
  'config.json': '{"a":1}',
}

const read = async (...args: string[]) => {
  const asked = await readToolCommand(args, (path) => {
    const text = FILES[path]
    return text === undefined ? Promise.reject(new Error(`no ${path}`)) : Promise.resolve(text)
  })
  return asked.ok ? asked.command : asked.problem
}

describe('The options of the tool command', () => {
  it('name what is asked', async () => {
    assert.deepEqual(await read('list'), { verb: 'list', client: undefined })
    assert.deepEqual(await read('list', '--client', 'pk_a'), { verb: 'list', client: 'pk_a' })
    assert.deepEqual(await read('save', 'order.json'), { verb: 'save', definition: { tool_name: 'x' } })
    assert.deepEqual(await read('remove', 'x'), { verb: 'remove', name: 'x' })
    assert.deepEqual(await read('unset', 'x', '--client', 'pk_a'), {
      verb: 'unset',
      name: 'x',
      client: 'pk_a',
    })
    assert.deepEqual(await read('secret', '--client', 'pk_a'), { verb: 'secret', client: 'pk_a' })
  })

  it('become changes, of what is named alone', async () => {
    const set = (...options: string[]) => read('set', 'x', '--client', 'pk_a', ...options)
    const changed = (changes: object) => ({ verb: 'set', name: 'x', client: 'pk_a', changes })
    assert.deepEqual(await set(), changed({}))
    assert.deepEqual(
      await set(
        '--url',
        'https://n8n.example/w',
        '--policy',
        'write',
        '--idempotent',
        'yes',
        '--config',
        'config.json',
      ),
      changed({
        n8n_webhook_url: 'https://n8n.example/w',
        policy: 'write',
        idempotent: true,
        custom_config: { a: 1 },
      }),
    )
    assert.deepEqual(await set('--label', '', '--enabled', 'no'), changed({ label: null, enabled: false }))
    assert.deepEqual(await set('--idempotent', 'perhaps'), changed({ idempotent: 'perhaps' }))
  })

  it('are refused when they cannot be understood', async () => {
    for (const args of [
      [],
      ['save'],
      ['list', 'x'],
      ['set', 'x'],
      ['secret'],
      ['fly', 'x'],
      ['remove', 'a', 'b'],
      ['list', '--all'],
    ])
      assert.match(JSON.stringify(await read(...args)), /is not known/, args.join(' '))
    assert.equal(await read('save', 'broken.json'), 'broken.json is no JSON.')
    assert.equal(await read('save', 'missing.json'), 'no missing.json')
  })
})
