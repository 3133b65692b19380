import assert from 'node:assert/strict'
import { countTokens } from 'gpt-tokenizer/encoding/o200k_base'
import type { ModelRequest } from '../../server/llm/provider.ts'
import { estimateRequest, estimateTokens } from '../../server/llm/tokens.ts'
import { coreTime } from '../support/core-time.ts'
import { HELP_PAGES, SAMPLES } from './sample-texts.ts'

type Sample = keyof typeof SAMPLES

/** By how much of the real count the estimate may differ. */
const BOUNDS: Readonly<Record<Sample, number>> = {
  english: 0.1,
  hebrew: 0.1,
  mixed: 0.15,
  shouting: 0.33,
  markdown: 0.15,
  code: 0.15,
  json: 0.15,
  urls: 0.15,
  numbers: 0.15,
  emoji: 0.33,
  niqqud: 0.15,
  longWords: 0.15,
  german: 0.33,
  russian: 0.33,
  arabic: 0.33,
  chinese: 0.33,
  ids: 0.33,
}

describe('The estimate of tokens', () => {
  for (const [name, bound] of Object.entries(BOUNDS) as [Sample, number][]) {
    it(`is within ${bound * 100}% of a real tokenizer on ${name}`, () => {
      const off = offBy(SAMPLES[name])
      assert.ok(Math.abs(off) <= bound, `off by ${Math.round(off * 100)}%`)
    })
  }

  it('is within 5% on long prose in English and in Hebrew, and on all samples together', () => {
    for (const text of [HELP_PAGES.english, HELP_PAGES.hebrew, Object.values(SAMPLES).join('\n')])
      assert.ok(Math.abs(offBy(text)) <= 0.05, `off by ${Math.round(offBy(text) * 100)}%`)
  })

  it('of a text in pieces is about that of the whole', () => {
    const words = HELP_PAGES.hebrew.split(/(?<= )/)
    const sum = words.reduce((total, word) => total + estimateTokens(word), 0)
    assert.ok(sum >= estimateTokens(HELP_PAGES.hebrew) && sum < 2 * estimateTokens(HELP_PAGES.hebrew))
  })

  it('is nothing for nothing, and at least one token for anything', () => {
    assert.equal(estimateTokens(''), 0)
    for (const text of [' ', 'a', 'א', '\n', '?', '7', '\ud83d']) assert.ok(estimateTokens(text) >= 1, text)
  })

  it('is higher for Claude: by two fifths in English, more than double in Hebrew', () => {
    const ratio = (text: string) => estimateTokens(text, 'claude-haiku-5-5') / estimateTokens(text)
    assert.ok(ratio(SAMPLES.english) > 1.3 && ratio(SAMPLES.english) < 1.45)
    assert.ok(ratio(SAMPLES.hebrew) > 2 && ratio(SAMPLES.hebrew) < 2.4)
    assert.equal(estimateTokens(SAMPLES.english, 'gpt-6-luna'), estimateTokens(SAMPLES.english))
  })

  it('takes no more time for a long text than its length says, whatever stands in it', async () => {
    for (const unit of ['a', 'א', '😀', '\n ', '.,', 'aA1 ', '{"']) {
      const long = unit.repeat(1_000_000 / unit.length)
      assert.ok((await coreTime(() => estimateTokens(long))) < 2_000, unit)
    }
  })
})

describe('The estimate of a request', () => {
  const empty: ModelRequest = {
    client_id: 'client',
    system: { stable: '', moment: '' },
    messages: [],
    tools: [],
    mayCall: true,
  }
  const tool = {
    name: 'find_order',
    description: 'Finds an order by its number.',
    parameters: { type: 'object', properties: { number: { type: 'string' } } },
  }
  const call = { id: 'call-1', name: 'find_order', arguments: { number: 'A-20418' } }

  it('counts every part that a model reads', () => {
    const parts: Partial<ModelRequest>[] = [
      { system: { stable: SAMPLES.english, moment: '' } },
      { system: { stable: '', moment: SAMPLES.english } },
      { messages: [{ role: 'user', text: SAMPLES.english }] },
      { messages: [{ role: 'assistant', text: SAMPLES.english }] },
      { messages: [{ role: 'assistant', text: '', step: { text: SAMPLES.english, calls: [] } }] },
      {
        messages: [
          { role: 'tool', results: [{ call_id: 'c', name: 'n', content: SAMPLES.english, failed: false }] },
        ],
      },
      { tools: [{ ...tool, description: SAMPLES.english }] },
    ]
    const text = estimateTokens(SAMPLES.english)
    for (const part of parts) {
      const counted = estimateRequest({ ...empty, ...part }) - estimateRequest(empty)
      assert.ok(counted >= text && counted < text + 50, JSON.stringify(part))
    }
  })

  it('counts calls and their arguments, also broken ones', () => {
    const step = (calls: (typeof call)[]) => ({
      role: 'assistant' as const,
      text: '',
      step: { text: '', calls },
    })
    const without = estimateRequest({ ...empty, messages: [step([])] })
    assert.ok(estimateRequest({ ...empty, messages: [step([call])] }) > without + 8)
    const broken = { ...call, arguments: null }
    const messages = [{ role: 'assistant' as const, text: '', step: { text: '', calls: [broken] } }]
    assert.ok(estimateRequest({ ...empty, messages }) > without)
  })

  it('knows that Claude is told about tools by its vendor', () => {
    const request = { ...empty, tools: [tool] }
    assert.ok(estimateRequest(request, 'claude-haiku-5-5') > estimateRequest(request, 'gpt-6-luna') + 300)
  })
})

function offBy(text: string): number {
  return estimateTokens(text) / countTokens(text) - 1
}
