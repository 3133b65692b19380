import assert from 'node:assert/strict'
import { faultsOf } from '../../eval/checks.ts'
import { ENGLISH } from '../../eval/questions/en.ts'
import { HEBREW } from '../../eval/questions/he.ts'
import type { Question } from '../../eval/questions/question.ts'
import { runEval } from '../../eval/run-eval.ts'
import { englishFaq, hebrewFaq } from '../../migrations/seeds/demo-faq.ts'
import { openTestDatabase, silentLog, type TestDatabase } from '../support/databases.ts'
import { AnthropicStandIn, GOOD_KEY } from '../support/vendors/anthropic.ts'
import { OPENAI_KEY, OpenAiStandIn } from '../support/vendors/openai.ts'
import { words } from '../support/vendors/scenarios.ts'

describe('The questions of the evaluation', () => {
  const faq = new Map([...englishFaq, ...hebrewFaq].map(({ question, answer }) => [question, answer]))

  for (const [language, questions] of [
    ['English', ENGLISH],
    ['Hebrew', HEBREW],
  ] as const) {
    it(`in ${language} are about 25, each with a name of its own and something to judge`, () => {
      assert.ok(questions.length >= 25 && questions.length <= 30, String(questions.length))
      assert.equal(new Set(questions.map(({ id }) => id)).size, questions.length)
      for (const { id, says, mentions, avoids, source, unknown } of questions) {
        assert.ok(says.length > 0 && (mentions ?? avoids ?? source ?? unknown) !== undefined, id)
      }
    })

    it(`in ${language} that name a source can be answered from it`, () => {
      const sourced = questions.filter(({ source }) => typeof source === 'string')
      assert.ok(sourced.length >= 15)
      for (const { id, source, mentions = [] } of sourced) {
        const answer = faq.get(source!)
        assert.ok(answer !== undefined, `${id}: ${source}`)
        const said = `${answer} ${ALSO_SAID}`
        for (const wanted of mentions) assert.ok(wanted.test(said), `${id}: ${wanted.source}`)
      }
    })
  }
})

/** What a good answer says in words that the FAQ does not use. */
const ALSO_SAID = 'closed, exchange, lifetime, L, סגור, כן, L'

describe('The checks of the evaluation', () => {
  const question: Question = {
    id: 'x',
    says: ['?'],
    mentions: [/30 days/],
    avoids: [/refund/],
    source: 'Returns',
  }
  const good = { text: 'Within 30 days.', sources: ['Returns'], status: 'complete' }

  it('pass what says what it must, in its language, with its source', () => {
    assert.deepEqual(faultsOf(question, good, 'en'), [])
  })

  it('name each thing that is wrong', () => {
    const bad = { text: 'אין החזר, no refund', sources: [], status: 'complete' }
    assert.deepEqual(faultsOf(question, bad, 'en'), [
      'does not mention 30 days',
      'says refund',
      'lacks its source: Returns',
    ])
    assert.deepEqual(faultsOf({ id: 'x', says: ['?'] }, good, 'he'), ['is in another language'])
    assert.deepEqual(faultsOf({ id: 'x', says: ['?'], source: null }, good, 'en'), ['has a source: Returns'])
    assert.deepEqual(faultsOf(question, { ...good, status: 'failed' }, 'en'), ['no answer (failed)'])
  })

  it('know a model that says it does not know from one that makes something up', () => {
    const unknown: Question = { id: 'x', says: ['?'], unknown: true }
    const say = (text: string) => ({ text, sources: [], status: 'complete' })
    for (const text of [
      'I don’t know its price.',
      'Sorry, I could not find that.',
      'There is no information on it.',
    ])
      assert.deepEqual(faultsOf(unknown, say(text), 'en'), [], text)
    for (const text of ['אין לי מידע על המחיר.', 'לא מצאתי את המחיר.', 'המחיר לא מופיע אצלנו.'])
      assert.deepEqual(faultsOf(unknown, say(text), 'he'), [], text)
    assert.equal(faultsOf(unknown, say('It costs about a hundred.'), 'en').length, 1)
    assert.equal(faultsOf(unknown, say('המחיר הוא מאה שקלים.'), 'he').length, 1)
  })
})

describe('The evaluation', () => {
  let place: TestDatabase
  before(async () => {
    place = await openTestDatabase()
  })
  after(() => place.close())

  const run = async (args: string[], env: Record<string, string> = {}) => {
    const said: string[] = []
    const say = (text: string) => void said.push(text)
    const code = await runEval(args, { env, say, log: silentLog, database: place.database })
    return { code, said: said.join('\n') }
  }

  it('says in one line what is missing', async () => {
    const none = 'No model is configured: set ANTHROPIC_API_KEY or OPENAI_API_KEY, or name one with --models.'
    assert.deepEqual(await run(['--lang', 'en'], { OLLAMA_HOST: 'http://127.0.0.1:1' }), {
      code: 1,
      said: none,
    })
    assert.deepEqual(await run(['--models', 'claude,offline']), {
      code: 1,
      said: 'claude cannot be asked: ANTHROPIC_API_KEY is not set.',
    })
    assert.match((await run(['--models', 'skynet:t-800'])).said, /^There is no provider "skynet"/)
    assert.match((await run(['--lang', 'fr'])).said, /^There are no questions in "fr"\.\nnpm run eval/)
    assert.match((await run(['--limit', 'all'])).said, /^"all" is no number of questions/)
  })

  it('scores the passages that are found without any model, in Hebrew too', async () => {
    for (const lang of ['en', 'he']) {
      const { code, said } = await run(['--lang', lang, '--models', 'offline', '--limit', '2'])
      assert.equal(code, 0)
      assert.match(said, /^offline +\d\/2 +0 +0 +0 +\$0\.0000 +\d+\.\d\d s +\d+\.\d\d s$/m)
    }
  })

  it('sets models side by side: what they got right, spent and took, and what was wrong', async () => {
    const [claude, openai] = [await AnthropicStandIn.start(), await OpenAiStandIn.start()]
    const good = 'It takes 3 to 5 business days. Delivery is free for orders over $75.'
    claude.otherwise = words([good], { bill: { input: 2_000, output: 100, cached: 1_000 } })
    openai.otherwise = words(['I have no idea.'], { bill: { input: 1_000, output: 10 } })
    const env = {
      ...{ ANTHROPIC_API_KEY: GOOD_KEY, ANTHROPIC_BASE_URL: claude.url },
      ...{ OPENAI_API_KEY: OPENAI_KEY, OPENAI_BASE_URL: `${openai.url}/v1`, OPENAI_API: 'responses' },
    }
    try {
      const { code, said } = await run(['--models', 'claude,openai:gpt-6-luna', '--limit', '2'], env)
      assert.equal(code, 0)
      assert.match(said, /^model +passed +input +cached +output +cost +first word +whole answer$/m)
      assert.match(said, /^claude +2\/2 +4000 +2000 +200 +\$0\.0003 /m)
      assert.match(said, /^openai:gpt-6-luna +0\/2 +2000 +0 +20 +\$0\.0002 /m)
      assert.match(said, /^openai:gpt-6-luna, delivery time: does not mention .*\n {4}I have no idea\.$/m)
      assert.deepEqual([claude.ledger.total.input, openai.ledger.total.output], [4_000, 20])
    } finally {
      await claude.close()
      await openai.close()
    }
  })
})
