import assert from 'node:assert/strict'
import fc from 'fast-check'
import { createOffline, HANDING_OVER, OFFLINE_PACE } from '../../server/llm/offline.ts'
import type { ModelMessage, ModelRequest, Passage, SearchKnowledge } from '../../server/llm/provider.ts'

const AT_ONCE = { firstMs: 0, pieceMs: 0 }
const NEVER = new AbortController().signal

const shipping: Passage = { title: 'Shipping', content: 'Three to five **days**.', score: 4 }
const abroad: Passage = {
  title: 'Abroad',
  content: 'To 34 countries.',
  url: 'https://shop.example/abroad',
  score: 3,
}
const payment: Passage = { title: 'Payment', content: 'By card.', score: 1 }

function request(text: string, more: Partial<ModelRequest> = {}): ModelRequest {
  return {
    client_id: 'client',
    system: { stable: '', moment: '' },
    messages: [{ role: 'user', text }],
    tools: [],
    mayCall: false,
    ...more,
  }
}

function finding(...passages: Passage[]): SearchKnowledge {
  return () => Promise.resolve(passages)
}

async function ask(search: SearchKnowledge, asked: ModelRequest) {
  const said: string[] = []
  const answer = await createOffline(search, AT_ONCE).ask(asked, (text) => said.push(text), NEVER)
  return { ...answer, said }
}

describe('the offline provider', () => {
  it('quotes the best passages under their titles, says that no model is configured, and names its sources', async () => {
    const { said, ...answer } = await ask(finding(shipping, abroad, payment), request('How long?'))
    assert.equal(
      answer.text,
      '**Shipping**\n\nThree to five **days**.\n\n**Abroad**\n\nTo 34 countries.\n\n' +
        '*No AI model is configured here yet, so this is quoted from our help pages word for word.*',
    )
    assert.deepEqual(answer.sources, [
      { title: 'Shipping' },
      { title: 'Abroad', url: 'https://shop.example/abroad' },
    ])
    assert.equal(said.join(''), answer.text)
    assert.ok(said.length > 8)
    assert.deepEqual(
      [answer.stop, answer.calls, answer.usage],
      ['end', [], { input: 0, output: 0, cached: 0 }],
    )
  })

  describe('where a person can be asked for', () => {
    const tools = [{ name: HANDING_OVER, description: 'Asks for a person.', parameters: { type: 'object' } }]
    const asking = (text: string, more: Partial<ModelRequest> = {}) =>
      ask(finding(shipping), request(text, { tools, mayCall: true, ...more }))
    const handedOver = (text: string, failed = false): ModelMessage[] => {
      const call = { id: 'asked4one', name: HANDING_OVER, arguments: { reason: text } }
      const result = { call_id: call.id, name: call.name, content: 'A person has been asked for.', failed }
      return [
        { role: 'user', text },
        { role: 'assistant', text: '', step: { text: '', calls: [call] } },
        { role: 'tool', results: [result] },
      ]
    }

    it('asks for one when the visitor plainly does, without a word, and quotes nothing', async () => {
      const { stop, calls, said } = await asking('Can I talk to a person?')
      assert.deepEqual([stop, said], ['tools', []])
      assert.deepEqual(
        calls.map(({ name, arguments: given }) => [name, given]),
        [[HANDING_OVER, { reason: 'Can I talk to a person?' }]],
      )
    })

    it('says then what will happen, in the visitor’s language, and promises nobody', async () => {
      const text = async (asked: string) => (await asking('', { messages: handedOver(asked) })).text
      assert.match(
        await text('Can I talk to a person?'),
        /our team.*when somebody joins, or that nobody is free/,
      )
      assert.match(await text('אפשר לדבר עם נציג?'), /או הודעה שאין כרגע נציג פנוי/)
    })

    it('says so also in place of a model that failed after it had asked', async () => {
      const offline = createOffline(finding(), AT_ONCE, true)
      const asked = request('', { messages: handedOver('I am angry'), tools })
      assert.match((await offline.ask(asked, () => undefined, NEVER)).text, /I have told our team/)
    })

    it('quotes where it may not call, where there is no such function, and where the call failed', async () => {
      const wish = 'Can I talk to a person?'
      const messages = handedOver(wish, true)
      for (const more of [{ mayCall: false }, { tools: [] }, { messages, mayCall: false }])
        assert.match((await asking(wish, more)).text, /Shipping/)
    })
  })

  it('quotes three passages at most, even when all are equally good', async () => {
    const answer = await ask(finding(shipping, shipping, shipping, shipping), request('How long?'))
    assert.equal(answer.sources?.length, 3)
  })

  it('answers in Hebrew what is asked in Hebrew, and by locale what has no letters', async () => {
    const text = async (asked: string, locale?: string) =>
      (await ask(finding(), request(asked, locale === undefined ? {} : { locale }))).text
    assert.match(await text('כמה עולה?', 'en-US'), /^מצטערים/)
    assert.match(await text('how much?', 'he-IL'), /^I am sorry/)
    assert.match(await text('???', 'he-IL'), /^מצטערים/)
    assert.match(await text('???', 'iw'), /^מצטערים/)
    assert.match(await text('???', 'hek'), /^I am sorry/)
    assert.match(await text('???'), /^I am sorry/)
  })

  it('when it finds nothing says so, points to a person, and has no sources', async () => {
    const answer = await ask(finding(), request('What is the capital of France?'))
    assert.match(answer.text, /found nothing.+other words.+ask for a person.+No AI model is configured/s)
    assert.equal('sources' in answer, false)
  })

  it('searches the knowledge of the client that is asked for everything said since the last answer', async () => {
    const asked: Parameters<SearchKnowledge>[0][] = []
    const search: SearchKnowledge = (query) => {
      asked.push(query)
      return Promise.resolve([])
    }
    const messages: ModelMessage[] = [
      { role: 'user', text: 'old question' },
      { role: 'assistant', text: 'old answer' },
      { role: 'user', text: 'I bought boots' },
      { role: 'user', text: 'they are too small' },
      { role: 'user', text: 'what now?' },
    ]
    await ask(search, request('', { messages }))
    assert.deepEqual(asked, [
      { client_id: 'client', text: 'I bought boots\nthey are too small\nwhat now?', limit: 3 },
    ])
    await ask(search, request('', { messages: [] }))
    assert.equal(asked[1]?.text, '')
  })

  it('searches only the end of a pasted document', async () => {
    const search: SearchKnowledge = ({ text }) => {
      assert.equal(text.length, 8_000)
      assert.ok(text.endsWith('the question'))
      return Promise.resolve([])
    }
    await ask(search, request(`${'x'.repeat(50_000)} the question`))
  })

  it('keeps a title in one line and inside its own markup', async () => {
    const { text } = await ask(finding({ ...payment, title: 'A **bold**\n# title ' }), request('How?'))
    assert.ok(text.startsWith('**A bold # title**\n\nBy card.'))
  })

  it('speaks in pieces that give the text again and never end between two halves of a character', async () => {
    const content = fc.string({
      unit: fc.constantFrom('😀', 'שלום ', 'a', ' ', '\n', '👩‍👩‍👧', 'long'),
      maxLength: 300,
    })
    await fc.assert(
      fc.asyncProperty(content, async (words) => {
        const { text, said } = await ask(finding({ ...payment, content: words }), request('How?'))
        assert.equal(said.join(''), text)
        for (const piece of said) assert.ok(piece !== '' && piece.isWellFormed())
      }),
      { seed: 7, numRuns: 30 },
    )
  })

  it('leaves time for a further message before it speaks, and speaks fast enough to be read along', () => {
    assert.ok(OFFLINE_PACE.firstMs >= 200 && OFFLINE_PACE.firstMs <= 500)
    assert.ok(OFFLINE_PACE.pieceMs > 0 && OFFLINE_PACE.pieceMs <= 50)
  })
})

describe('the offline provider, broken off', () => {
  const reason = new Error('stopped by the visitor')

  function timers(): number {
    return process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length
  }

  it('before it begins, does not even search', async () => {
    const search: SearchKnowledge = () => assert.fail('searched')
    const asked = createOffline(search).ask(
      request('How?'),
      () => assert.fail('spoke'),
      AbortSignal.abort(reason),
    )
    await assert.rejects(asked, reason)
  })

  it('while it searches, does not wait for the search', async () => {
    const stop = new AbortController()
    const search: SearchKnowledge = () => {
      queueMicrotask(() => {
        stop.abort(reason)
      })
      return new Promise(() => undefined)
    }
    await assert.rejects(
      createOffline(search).ask(request('How?'), () => assert.fail('spoke'), stop.signal),
      reason,
    )
  })

  it('while it waits, rejects at once and leaves no timer', async () => {
    const stop = new AbortController()
    await new Promise(setImmediate) // mocha sets its own timer after the test has begun
    const before = timers()
    const provider = createOffline(finding(shipping), { firstMs: 3_600_000, pieceMs: 0 })
    const asked = provider.ask(request('How?'), () => assert.fail('spoke'), stop.signal)
    while (timers() <= before) await new Promise(setImmediate)
    stop.abort(reason)
    await assert.rejects(asked, reason)
    assert.ok(timers() <= before)
  })

  it('in the middle of a sentence, says nothing more', async () => {
    const stop = new AbortController()
    const said: string[] = []
    const asked = createOffline(finding(shipping), AT_ONCE).ask(
      request('How?'),
      (text) => {
        said.push(text)
        if (said.length === 2) stop.abort(reason)
      },
      stop.signal,
    )
    await assert.rejects(asked, reason)
    await new Promise(setImmediate)
    assert.equal(said.length, 2)
  })

  it('by a search that fails, fails with its error', async () => {
    const search: SearchKnowledge = () => Promise.reject(new Error('the database is away'))
    await assert.rejects(ask(search, request('How?')), /the database is away/)
  })
})
