import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { LANGUAGES, localeFor, wordsOf } from '../../widget/frame/words.ts'
import { LANGUAGES as LAUNCHERS, launcherWords } from '../../widget/loader/words.ts'
import { lengthOf, sendable } from '../../widget/frame/message-text.ts'
import { directionOf, plural } from '../../widget/locale.ts'
import { chat as en } from '../../widget/words/en.ts'
import { chat as he } from '../../widget/words/he.ts'

const WIDGET = join(import.meta.dirname, '../../widget')

describe('the words of the chat', () => {
  it('are those of the first wanted language that exists', async () => {
    assert.equal(localeFor(['fr-FR', 'he-IL', 'en']), 'he-IL')
    assert.equal((await wordsOf('he-IL')).send, he.send)
    assert.equal(localeFor(['fr', '']), 'en')
    assert.equal((await wordsOf('en')).send, en.send)
    assert.equal(localeFor([]), 'en')
    assert.equal(launcherWords(['fr-FR', 'he-IL', 'en']).open, 'פתיחת צ׳אט')
  })

  it('come with a tag that Intl takes, however a page writes it', () => {
    const tags = ['iw', 'iw-IL', 'HE', 'he_IL', ' he-il ', 'he-IL-', 'he-IL-u-ca-hebrew', 'en_us', 'en-$']
    const found = tags.map((tag) => localeFor([tag]))
    assert.deepEqual(found, ['he', 'he-IL', 'he', 'he-IL', 'he-IL', 'he', 'he-IL', 'en-US', 'en'])
    for (const locale of found) assert.ok(new Intl.DateTimeFormat(locale).format(0))
  })

  it('run the way their language does', () => {
    assert.equal(directionOf('he-IL'), 'rtl')
    assert.equal(directionOf('AR'), 'rtl')
    assert.equal(directionOf('en'), 'ltr')
  })

  it('count as their language counts', () => {
    const [english, hebrew] = [launcherWords(['en']), launcherWords(['he'])]
    assert.deepEqual([1, 2, 1_200].map(english.unread), [
      '1 new message',
      '2 new messages',
      '1,200 new messages',
    ])
    assert.deepEqual([1, 2, 3].map(hebrew.unread), ['הודעה חדשה אחת', 'שתי הודעות חדשות', '3 הודעות חדשות'])
    const polish = { one: '# plik', few: '# pliki', many: '# plików', other: '# pliku' }
    assert.deepEqual(
      [1, 3, 5, 22].map((count) => plural('pl', count, polish)),
      ['1 plik', '3 pliki', '5 plików', '22 pliki'],
    )
  })
})

describe('a language', () => {
  it('is one file with every word, listed for the chat and for the launcher', async () => {
    const files = readdirSync(join(WIDGET, 'words')).map((name) => name.replace(/\.ts$/, ''))
    assert.deepEqual(Object.keys(LANGUAGES).sort(), files.sort())
    assert.deepEqual(Object.keys(LAUNCHERS).sort(), files)
    for (const language of files) {
      for (const [words, model] of [
        [await wordsOf(language), en],
        [LAUNCHERS[language]!, LAUNCHERS['en']!],
      ] as const) {
        assert.deepEqual(Object.keys(words), Object.keys(model), language)
        assert.deepEqual(kindsOf(words), kindsOf(model), language)
      }
    }
  })

  it('may be a third one, by its words alone', async () => {
    const languages = { ...LANGUAGES, hu: () => Promise.resolve({ ...en, send: 'Küldés' }) }
    const locale = localeFor(['hu-HU', 'en'], languages)
    assert.deepEqual([locale, (await wordsOf(locale, languages)).send], ['hu-HU', 'Küldés'])
  })

  it('has no word that nobody says', () => {
    const sources = readdirSync(join(WIDGET, 'frame'), { recursive: true, encoding: 'utf8' })
      .filter((name) => /\.(ts|svelte)$/.test(name))
      .map((name) => readFileSync(join(WIDGET, 'frame', name), 'utf8'))
      .join('\n')
    const said = new Set([...sources.matchAll(/\bwords\.(\w+)/g)].map(([, key]) => key))
    assert.deepEqual(
      Object.keys(en).filter((key) => !said.has(key)),
      [],
    )
  })

  it('is Hebrew in its letters, but for names that Hebrew writes so too', () => {
    const strange = Object.entries(he).filter(([key, value]) => {
      const text = typeof value === 'function' ? value('1', '2') : value
      return (
        key !== 'ai' &&
        (!/[א-ת]/.test(key === 'answered' ? 'א' : text) || /[A-Za-z]/.test(text.replace('AI', '')))
      )
    })
    assert.deepEqual(strange, [])
  })
})

describe('what a visitor types', () => {
  it('is sent without what the server refuses', () => {
    assert.equal(sendable('  hi\0 \ud83d there \n'), 'hi  there')
    assert.equal(sendable('👋🏽'), '👋🏽')
    assert.equal(sendable(' \n\t '), '')
  })

  it('is counted in code points, as the server counts', () => {
    assert.equal(lengthOf('👋🏽!'), 3)
    assert.equal(lengthOf('שלום'), 4)
  })
})

/** What each word is: text that says something, or a function with so many gaps to fill. */
function kindsOf(words: object): unknown[] {
  return Object.values(words).map((value: unknown) => {
    if (typeof value === 'string') return value.trim() === '' ? 'nothing' : 'text'
    return typeof value === 'function' ? value.length : 'forms'
  })
}
