import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { makeDataFolder } from '../support/databases.ts'
import { runParlor } from '../support/parlor-process.ts'

describe('the client command', function () {
  // Every command is a process of its own, with a database to open.
  this.timeout(90_000)
  let dir: string
  let remove: () => Promise<void>
  before(async () => {
    ;({ dir, remove } = await makeDataFolder())
    await parlor('seed')
  })
  after(() => remove())

  const parlor = (...args: string[]) => runParlor(args, { DATA_DIR: dir })

  it('lists clients, sets how their AI works, and shows it', async () => {
    const listed = await parlor('client', 'list')
    assert.equal(listed.out, 'pk_demo  active  default provider, default model  Acme Outfitters\n')

    await writeFile(join(dir, 'prompt.md'), 'Mention the Trail Club.\nNever mention snow.\n')
    const words = ['--tone', 'like a mountain guide', '--language', 'auto', '--time-zone', 'Asia/Jerusalem']
    const numbers = [
      '--temperature',
      '0.4',
      '--max-output-tokens',
      '2000',
      '--effort',
      'low',
      '--knowledge',
      'on',
    ]
    const models = ['--provider', 'claude', '--model', 'claude-sonnet-5-5', '--fallback', 'offline']
    const files = ['--prompt-file', join(dir, 'prompt.md')]
    const set = await parlor(
      'client',
      'set',
      '--client',
      'pk_demo',
      ...words,
      ...numbers,
      ...models,
      ...files,
    )
    assert.deepEqual([set.code, set.err], [0, ''])
    const shown = await parlor('client', 'show', '--client', 'pk_demo')
    const [settings = '', snippet] = shown.out.split('\nInto its pages goes:\n\n')
    assert.equal(settings, set.out)
    assert.match(snippet ?? '', /^ {2}<script src="https:[^"]+\?key=pk_demo" async><\/script>\n$/)
    assert.deepEqual(settings.trim().split('\n').sort(), [
      '    Mention the Trail Club.',
      '    Never mention snow.',
      'fallbacks: [{"provider":"offline"}]',
      'knowledge: true',
      'language: auto',
      'model: claude-sonnet-5-5',
      'parameters: {"effort":"low","temperature":0.4,"max_output_tokens":2000}',
      'prompt:',
      'provider: claude',
      'time_zone: Asia/Jerusalem',
      'tone: like a mountain guide',
    ])
  })

  it('says what is wrong, and ends with 1', async () => {
    const wrong: [args: string[], told: RegExp][] = [
      [['set', '--client', 'pk_nobody', '--tone', 'formal'], /^There is no such client/],
      [
        ['set', '--client', 'pk_demo', '--max-output-tokens', 'lots'],
        /^parameters\.max_output_tokens must be integer/,
      ],
      [['set', '--client', 'pk_demo', '--prompt-file', 'nowhere.md'], /^There is no file "nowhere\.md"/],
    ]
    for (const [args, told] of wrong) {
      const { code, out, err } = await parlor('client', ...args)
      assert.deepEqual([code, out], [1, ''])
      assert.match(err, told)
    }
  })
})
