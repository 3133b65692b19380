import assert from 'node:assert/strict'
import type { CustomApiConfig, CustomApiRequest } from '../../../server/integrations/custom-api/config.ts'
import { composeRequest, requestFault } from '../../../server/integrations/custom-api/request.ts'
import { selectResult } from '../../../server/integrations/custom-api/select-result.ts'

const CONFIG: CustomApiConfig = { base_url: 'https://api.example/v2/' }

const asking = (request: Partial<CustomApiRequest>): CustomApiRequest => ({
  ...{ method: 'GET', url: 'orders' },
  ...request,
})

/** The request that comes of a template, or why there is none. */
function compose(
  request: Partial<CustomApiRequest>,
  given: Record<string, unknown> = {},
  user: string | null = null,
) {
  const composed = composeRequest(CONFIG, asking(request), { given, user })
  return typeof composed === 'string' ? composed : { ...composed, url: composed.url.href }
}

function urlOf(request: Partial<CustomApiRequest>, given: Record<string, unknown> = {}, user?: string) {
  const composed = compose(request, given, user ?? null)
  return typeof composed === 'string' ? composed : composed.url
}

const ORDER = { url: '/orders/{order}' }

describe('The template of a request', () => {
  it('becomes an address below the base', () => {
    assert.equal(urlOf({}), 'https://api.example/v2/orders')
    assert.equal(urlOf({ url: '/' }), 'https://api.example/v2/')
    assert.equal(urlOf({ url: 'a/{x}/b:y' }, { x: 7 }), 'https://api.example/v2/a/7/b:y')
    assert.equal(urlOf(ORDER, { order: 'é 1' }), 'https://api.example/v2/orders/%C3%A9%201')
  })

  it('keeps what is given within its place', () => {
    const query = { query: { order: '{order}', lang: 'he' } }
    const injected = '1001&customer=other#x?y=z'
    assert.equal(
      urlOf(query, { order: injected }),
      'https://api.example/v2/orders?order=1001%26customer%3Dother%23x%3Fy%3Dz&lang=he',
    )
    assert.equal(
      urlOf(ORDER, { order: '1001?customer=other' }),
      'https://api.example/v2/orders/1001%3Fcustomer%3Dother',
    )
    assert.equal(
      urlOf(query, { order: 'a\r\nX-Evil: 1' }),
      'https://api.example/v2/orders?order=a%0D%0AX-Evil%3A+1&lang=he',
    )
  })

  it('leads nowhere else, however the way is written', () => {
    for (const order of [
      '',
      '.',
      '..',
      '..;',
      '..;/x',
      '../admin',
      'a/b',
      '/',
      'a\\b',
      '%2e%2e',
      '%2F',
      'a\0b',
      'a\r\nb',
      '\ud800',
      'x'.repeat(201),
    ])
      assert.match(
        urlOf(ORDER, { order }),
        /^An argument (holds characters|would lead)/,
        JSON.stringify(order),
      )
    const split = { url: 'files/{a}{b}/x' }
    assert.match(urlOf(split, { a: '.', b: '.' }), /would lead to another address/)
    assert.match(urlOf(ORDER, { order: ['1'] }), /list or an object/)
    assert.match(urlOf({ query: { q: 'a{q}' } }, { q: { $ne: 1 } }), /list or an object/)
    assert.match(urlOf({ query: { q: '{q}' } }, { q: 'x'.repeat(9_000) }), /too long/)
  })

  it('reads no template in what is given, nor another language in what is written', () => {
    const given = { order: '{visitor.user_id}', other: '$&' }
    assert.deepEqual(compose({ method: 'POST', body: { a: '{order}', b: 'x{other}' } }, given, 'u-1'), {
      ...{ method: 'POST', url: 'https://api.example/v2/orders', headers: {} },
      body: '{"a":"{visitor.user_id}","b":"x$&"}',
    })
    const literal = ['${ENV}', '{{order}}', '<%= order %>', '${order}', '{{ $json.order }}']
    for (const text of literal) {
      const composed = compose({ method: 'POST', body: text, query: { q: text } }, { order: '1' })
      assert.ok(typeof composed !== 'string')
      assert.equal(composed.body, JSON.stringify(text))
      assert.equal(new URL(composed.url).searchParams.get('q'), text)
    }
    assert.equal(
      urlOf({ url: 'x/${ENV}/{{order}}' }),
      'https://api.example/v2/x/$%7BENV%7D/%7B%7Border%7D%7D',
    )
  })

  it('leaves out what needs something that was not given', () => {
    const request = { query: { a: '{a}', b: 'x-{b}', list: '{list}' }, method: 'POST' as const }
    const body = { a: '{a}', b: ['{b}', 'x{b}', 1], c: null, deep: { a: '{a}' } }
    assert.deepEqual(compose({ ...request, body }, { a: 2, list: ['1', 2] }), {
      ...{ method: 'POST', url: 'https://api.example/v2/orders?a=2&list=1&list=2', headers: {} },
      body: '{"a":2,"b":[1],"c":null,"deep":{"a":2}}',
    })
    assert.equal(urlOf({ query: { a: '{__proto__}', b: '{toString}' } }), 'https://api.example/v2/orders')
  })

  it('says who the visitor is as it was proved, whatever the arguments say', () => {
    const request = {
      query: { customer: '{visitor.user_id}' },
      headers: { 'X-Customer': '{visitor.user_id}' },
    }
    const given = { 'visitor.user_id': 'other', visitor: { user_id: 'other' } }
    const composed = compose(request, given, 'c 7\r\nX-Evil: 1')
    assert.ok(typeof composed !== 'string')
    assert.equal(new URL(composed.url).searchParams.get('customer'), 'c 7\r\nX-Evil: 1')
    assert.deepEqual(composed.headers, { 'x-customer': 'c%207%0D%0AX-Evil:%201' })
  })

  it('is refused when it is kept and could not be filled, or would lead elsewhere', () => {
    const parameters = { properties: { order: {}, note: {} }, required: ['order'] }
    const faultOf = (request: Partial<CustomApiRequest>) =>
      requestFault({ request: asking(request), parameters })
    const faults: [Partial<CustomApiRequest>, RegExp][] = [
      [{ url: 'https://evil.example/' }, /no whole address/],
      [{ url: '//evil.example/x' }, /no whole address/],
      [{ url: 'javascript:alert(1)' }, /no whole address/],
      [{ url: 'a?x={order}' }, /belongs into query/],
      [{ url: 'a#b' }, /belongs into query/],
      [{ url: '../admin' }, /lead upwards/],
      [{ url: 'a/./b' }, /lead upwards/],
      [{ url: 'a/..;/b' }, /lead upwards/],
      [{ url: 'a//b' }, /two slashes/],
      [{ url: 'a\\b' }, /backslash/],
      [{ url: 'a%2fb' }, /percent/],
      [{ url: 'a/{unknown}' }, /\{unknown\} is no argument/],
      [{ url: 'a/{note}' }, /parameters have to require it/],
      [{ url: 'a/{visitor.name}' }, /\{visitor.name\} is no argument/],
      [{ query: { q: 'owner:{visitor.user_id} {note}' } }, /mixes/],
      [{ method: 'POST', body: { a: ['{visitor.user_id}-{note}'] } }, /mixes/],
      [{ body: {} }, /has no body/],
      [{ headers: { Authorization: 'x' } }, /may not hold Authorization/],
      [{ headers: { cookie: 'x' } }, /may not hold cookie/],
      [{ headers: { 'x-a': '{order}' } }, /no argument such as/],
    ]
    for (const [request, words] of faults)
      assert.match(faultOf(request) ?? '', words, JSON.stringify(request))
    assert.equal(faultOf({ url: 'a/{order}/{visitor.user_id}', query: { q: 'x {note}' } }), null)
  })
})

describe('What is selected of an answer', () => {
  const answer = { data: { orders: [{ id: 1, card: 'x' }, { id: 2 }, 3], 'a/b': { '~': 1 } } }
  it('is what lies at a JSON Pointer, with the fields that are wanted', () => {
    assert.equal(selectResult(answer, {}), answer)
    assert.deepEqual(selectResult(answer, { result_path: '/data/orders', result_fields: ['id'] }), [
      { id: 1 },
      { id: 2 },
      3,
    ])
    assert.equal(selectResult(answer, { result_path: '/data/a~1b/~0' }), 1)
    assert.deepEqual(selectResult(answer, { result_path: '/data/orders/1' }), { id: 2 })
  })
  it('is nothing where nothing lies', () => {
    for (const result_path of [
      '/nothing',
      '/data/orders/9',
      '/data/orders/length/x',
      '/__proto__',
      '/data/constructor',
    ])
      assert.equal(selectResult(answer, { result_path }), undefined, result_path)
  })
})
