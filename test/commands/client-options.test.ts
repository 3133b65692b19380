import assert from 'node:assert/strict'
import { readOptions } from '../../server/commands/client-options.ts'

const read = (...args: string[]) => readOptions(['set', '--client', 'pk_demo', ...args])
const changes = (...args: string[]) => {
  const asked = read(...args)
  return typeof asked === 'string' ? asked : asked.changes
}

describe('The options of the client command', () => {
  it('become settings, with the parameters of the model together', () => {
    assert.deepEqual(
      changes(
        '--model',
        'qwen3:8b',
        '--effort',
        'low',
        '--temperature',
        '0.5',
        '--knowledge',
        'off',
        '--cache',
        'on',
      ),
      {
        model: 'qwen3:8b',
        parameters: { effort: 'low', temperature: 0.5 },
        knowledge: false,
        cache: true,
      },
    )
  })

  it('say when a person is asked for, all of it together', () => {
    const handoff = { offered: true, wait_minutes: 10, failed_answers: 3, failed_calls: 0 }
    const words = ['--handoff', 'on', '--handoff-wait', '10', '--handoff-after-answers', '3']
    assert.deepEqual(changes(...words, '--handoff-after-calls', '0'), { handoff })
    assert.deepEqual(changes('--reset', 'handoff-wait'), { handoff: { wait_minutes: null } })
  })

  it('say when people answer, or that nothing says so any more', () => {
    const span = [{ from: '09:00', to: '17:00' }]
    assert.deepEqual(changes('--hours', 'mon 09:00-17:00'), { hours: { week: { monday: span } } })
    assert.deepEqual(changes('--reset', 'hours'), { hours: null })
    assert.match(JSON.stringify(read('--hours', 'always')), /always\\" has no times/)
  })

  it('name fallbacks in their order, as provider and model; a model may hold colons', () => {
    assert.deepEqual(changes('--fallback', 'ollama:qwen3:8b', '--fallback', 'offline'), {
      fallbacks: [{ provider: 'ollama', model: 'qwen3:8b' }, { provider: 'offline' }],
    })
  })

  it('take settings away', () => {
    const taken = { tone: null, prompt: null, fallbacks: null, parameters: { temperature: null } }
    assert.deepEqual(changes('--reset', 'tone,prompt', '--reset', 'fallback,temperature'), taken)
  })

  it('leave what cannot be read to the schema', () => {
    assert.deepEqual(changes('--temperature', 'warm', '--knowledge', 'maybe'), {
      parameters: { temperature: 'warm' },
      knowledge: 'maybe',
    })
  })

  it('are refused in a sentence where nobody knows them', () => {
    assert.equal(read('--mood', 'sunny'), "Unknown option '--mood'.")
    assert.match(JSON.stringify(read('--model')), /argument missing/)
    assert.equal(read('--reset', 'everything'), '"everything" is nothing that can be reset.')
    assert.equal(read('twice'), '"twice" is not known.')
  })
})
