import assert from 'node:assert/strict'
import { describe, it } from 'mocha'
import { frameAncestors } from '../../server/auth/frame-ancestors.ts'
import { maySpeak, parseOriginEntry } from '../../server/auth/origin.ts'

const shop = [
  'https://shop.example',
  'https://shop.example:8443',
  'http://plain.example/',
  'HTTPS://Bücher.Example',
]
const demo = ['http://localhost:*', 'http://127.0.0.1:*', 'http://[::1]:*', 'file:']

/** Who may speak for the shop, when we are reached as chat.example. */
const speakers: [origin: string | null, allowed: boolean, what: string][] = [
  [null, true, 'something that is no browser'],
  ['https://shop.example', true, 'an allowed origin'],
  ['https://shop.example:8443', true, 'an allowed origin with its port'],
  ['http://plain.example', true, 'an origin whose entry ends in a slash'],
  ['https://xn--bcher-kva.example', true, 'an origin whose entry is in another script and case'],
  ['http://shop.example', false, 'another scheme'],
  ['https://shop.example:444', false, 'another port'],
  ['https://shop.example:443', false, 'a port that browsers leave out'],
  ['https://shop.example.evil.example', false, 'a suffix that looks alike'],
  ['https://evilshop.example', false, 'a prefix that looks alike'],
  ['https://www.shop.example', false, 'a subdomain'],
  ['https://shop.example.', false, 'a trailing dot'],
  ['https://SHOP.example', false, 'another case, which browsers never write'],
  ['https://shop.example/', false, 'a slash, which browsers never write'],
  ['https://user@shop.example', false, 'userinfo'],
  ['https://shop.example@evil.example', false, 'the shop as userinfo'],
  ['https://evil.example#https://shop.example', false, 'a fragment'],
  ['https://shop.example, https://evil.example', false, 'two origins'],
  ['https://shop.example%00.evil.example', false, 'a percent-encoded NUL'],
  ['file:', false, 'a scheme'],
  ['file://', false, 'a file'],
  ['chrome-extension://abcdef', false, 'an extension'],
  ['null', false, 'an opaque origin without a token'],
  ['', false, 'nothing'],
  ['*', false, 'a star'],
  ['https://chat.example', true, 'ourselves'],
  ['http://chat.example', true, 'ourselves, since behind a proxy the scheme is not known'],
  ['https://chat.example:8443', false, 'another port of ours'],
]

describe('an origin', () => {
  for (const [origin, allowed, what] of speakers) {
    it(`${allowed ? 'may' : 'may not'} speak when it is ${what} (${String(origin)})`, () => {
      const speaker = { origin, host: 'chat.example', hasToken: false }
      assert.equal(maySpeak(speaker, shop, null), allowed)
    })
  }

  it('may speak as null with a session token, which is checked by itself', () => {
    assert.equal(maySpeak({ origin: 'null', host: 'chat.example', hasToken: true }, shop, null), true)
  })

  it('gains nothing else by a session token', () => {
    const speaker = { origin: 'https://evil.example', host: 'chat.example', hasToken: true }
    assert.equal(maySpeak(speaker, shop, null), false)
  })

  it('is ours by PUBLIC_URL where that is set, whatever Host says', () => {
    const ours = 'https://chat.example'
    const say = (origin: string) => maySpeak({ origin, host: 'evil.example', hasToken: false }, [], ours)
    assert.equal(say('https://chat.example'), true)
    assert.equal(say('http://chat.example'), false)
    assert.equal(say('https://evil.example'), false)
  })

  it('is ours by Host with its port otherwise', () => {
    const say = (origin: string, host: string | null) => maySpeak({ origin, host, hasToken: false }, [], null)
    assert.equal(say('http://127.0.0.1:3000', '127.0.0.1:3000'), true)
    assert.equal(say('http://[::1]:3000', '[::1]:3000'), true)
    assert.equal(say('https://chat.example', 'CHAT.example:443'), true)
    assert.equal(say('http://127.0.0.1:3000', '127.0.0.1:3001'), false)
    assert.equal(say('http://127.0.0.1:3000', null), false)
  })

  it('may have any port of a loopback address where an entry says so', () => {
    const say = (origin: string) => maySpeak({ origin, host: 'chat.example', hasToken: false }, demo, null)
    for (const origin of [
      'http://localhost',
      'http://localhost:5173',
      'http://127.0.0.1:80801'.slice(0, -1),
    ]) {
      assert.equal(say(origin), true, origin)
    }
    assert.equal(say('http://[::1]:8080'), true)
    assert.equal(say('https://localhost:5173'), false, 'another scheme')
    assert.equal(say('http://localhost.evil.example:5173'), false)
    assert.equal(say('http://127.0.0.1.evil.example'), false)
    assert.equal(say('http://127.0.0.2'), false)
  })
})

describe('an entry of allowed_origins', () => {
  const nonsense = [
    '',
    '*',
    'https://*',
    'https://*.example',
    'http://*:*',
    'shop.example',
    'https://',
    'https://shop.example/path',
    'https://shop.example?x',
    'https://user@shop.example',
    "https://shop.example;script-src'unsafe-inline'",
    'https://shop.example https://evil.example',
    'https://shop.example\nx-header: 1',
    'https://shop.example:99999',
    'http://a:80:*',
    'javascript:alert(1)',
    'file:///etc',
    'null',
  ]
  for (const text of nonsense) {
    it(`is not ${JSON.stringify(text)}`, () => assert.equal(parseOriginEntry(text), null))
  }
})

describe('frame-ancestors', () => {
  it('are ourselves and the allowed origins, without IPv6 literals and nonsense', () => {
    assert.equal(
      frameAncestors([...shop, ...demo, 'https://shop.example', "https://x;script-src 'unsafe-inline'"]),
      "'self' https://shop.example https://shop.example:8443 http://plain.example " +
        'https://xn--bcher-kva.example http://localhost:* http://127.0.0.1:* file:',
    )
  })

  it('are ourselves alone without entries', () => assert.equal(frameAncestors([]), "'self'"))
})
