import assert from 'node:assert/strict'
import { readWidgetOptions } from '../../server/commands/widget.ts'

const read = (...args: string[]) => readWidgetOptions(['set', '--client', 'pk_demo', ...args])
const changes = (...args: string[]) => {
  const asked = read(...args)
  return typeof asked === 'string' ? asked : asked.changes
}

describe('The options of the widget command', () => {
  it('become settings, with the features together', () => {
    const looks = [
      '--color',
      '#112233',
      '--logo',
      'https://a.example/l.png',
      '--avatar',
      'https://a.example/a.png',
    ]
    const words = ['--suggestion', 'Where is my order?', '--suggestion', 'Do you ship abroad?']
    assert.deepEqual(
      changes(...looks, ...words, '--rating', 'off', '--transcript', 'on', '--stop', 'maybe'),
      {
        color: '#112233',
        logo_url: 'https://a.example/l.png',
        agent_avatar: 'https://a.example/a.png',
        suggestions: ['Where is my order?', 'Do you ship abroad?'],
        features: { rating: false, transcript: true, stop: 'maybe' },
      },
    )
  })

  it('take settings away', () => {
    assert.deepEqual(changes('--reset', 'logo,greeting', '--reset', 'features'), {
      ...{ logo_url: null, greeting: null, features: null },
    })
  })

  it('are refused in a sentence where nobody knows them', () => {
    assert.equal(read('--mood', 'sunny'), "Unknown option '--mood'.")
    assert.equal(read('--reset', 'everything'), '"everything" is nothing that can be reset.')
    assert.equal(read('more'), '"more" is not known.')
  })
})
