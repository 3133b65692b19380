import assert from 'node:assert/strict'
import { readIntegrationCommand } from '../../server/commands/integration-options.ts'

const FILES: Record<string, string> = { 'a.json': '{"a":1}', 'broken.json': '{' }

const read = async (...args: string[]) => {
  const asked = await readIntegrationCommand(args, {
    file: (path) =>
      path in FILES ? Promise.resolve(FILES[path] ?? '') : Promise.reject(new Error(`no ${path}`)),
    stdin: () => Promise.resolve('{"token":"x"}'),
  })
  return asked.ok ? asked.command : asked.problem
}
const refusalIn = (asked: unknown) => (typeof asked === 'string' ? asked : '')
const client = 'pk_a'
const of = ['--client', client] as const
const shop = { client, name: 'shop' }

describe('The options of the integration command', () => {
  it('name what is asked', async () => {
    assert.deepEqual(await read('list', ...of), { verb: 'list', client })
    for (const verb of ['test', 'recent', 'remove'] as const)
      assert.deepEqual(await read(verb, 'shop', ...of), { verb, ...shop })
    const added = await read('add', 'shop', ...of, '--type', 'custom_api', '--config', 'a.json')
    assert.deepEqual(added, { verb: 'add', ...shop, type: 'custom_api', config: { a: 1 } })
    const set = await read('set', 'shop', ...of, '--enabled', 'no', '--config', 'a.json')
    assert.deepEqual(set, { verb: 'set', ...shop, changes: { enabled: false, config: { a: 1 } } })
    assert.deepEqual(await read('endpoint', 'set', 'shop', 'a.json', ...of), {
      ...{ verb: 'save endpoint', ...shop, endpoint: { a: 1 } },
    })
    assert.deepEqual(await read('endpoint', 'remove', 'shop', 'order', ...of), {
      ...{ verb: 'remove endpoint', ...shop, endpoint: 'order' },
    })
    const tried = { verb: 'try endpoint', ...shop, endpoint: 'order', given: {}, user: null }
    assert.deepEqual(await read('endpoint', 'try', 'shop', 'order', ...of), tried)
    assert.deepEqual(
      await read('endpoint', 'try', 'shop', 'order', ...of, '--given', '{"order":"1"}', '--as', 'c-7'),
      { ...tried, given: { order: '1' }, user: 'c-7' },
    )
  })

  it('take credentials from a file or what is piped in, and never from the command line', async () => {
    const entered = { verb: 'credentials', ...shop }
    assert.deepEqual(await read('credentials', 'shop', ...of), { ...entered, credentials: { token: 'x' } })
    assert.deepEqual(await read('credentials', 'shop', ...of, '--file', 'a.json'), {
      ...entered,
      credentials: { a: 1 },
    })
    assert.match(refusalIn(await read('credentials', 'shop', '{"token":"x"}', ...of)), /is not known/)
    assert.match(refusalIn(await read('credentials', 'shop', ...of, '--token', 'x')), /is not known/)
  })

  it('that cannot be understood are told', async () => {
    for (const args of [
      [],
      ['list'],
      ['list', 'shop', ...of],
      ['list', ...of, '--file', 'a.json'],
      ['test', ...of],
      ['test', 'shop', 'more', ...of],
      ['add', 'shop', ...of, '--type', 'custom_api'],
      ['endpoint', ...of],
      ['endpoint', 'set', 'shop', ...of],
      ['endpoint', 'drop', 'shop', 'order', ...of],
      ['fly', 'shop', ...of],
    ])
      assert.equal(await read(...args), `"integration ${args.join(' ')}" is not known.`)
    assert.equal(
      await read('add', 'shop', ...of, '--type', 'x', '--config', 'broken.json'),
      'broken.json is no JSON.',
    )
    assert.equal(await read('credentials', 'shop', ...of, '--file', 'none.json'), 'no none.json')
    assert.equal(await read('endpoint', 'try', 'shop', 'order', ...of, '--given', '{'), '--given is no JSON.')
  })
})
