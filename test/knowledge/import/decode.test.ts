import assert from 'node:assert/strict'
import { decode } from '../../../server/knowledge/import/decode.ts'
import { Unreadable } from '../../../server/knowledge/import/unreadable.ts'

/** Hebrew letters, blanks and ASCII as Windows writes them. */
const in1255 = (text: string) =>
  Buffer.from(
    Array.from(text, (letter) =>
      letter >= 'א' ? letter.charCodeAt(0) - 0x5d0 + 0xe0 : letter.charCodeAt(0),
    ),
  )
const utf16 = (text: string, mark = true) => Buffer.from(`${mark ? '\uFEFF' : ''}${text}`, 'utf16le')

describe('Decoding a file', () => {
  const hebrew = 'שעות הפתיחה שלנו: 9 עד 20'

  it('reads UTF-8, with and without its mark', () => {
    assert.equal(decode(Buffer.from(hebrew)), hebrew)
    assert.equal(decode(Buffer.from(`\uFEFF${hebrew}`)), hebrew)
  })

  it('reads UTF-16 of both orders by its mark, and without one where it is plain', () => {
    assert.equal(decode(utf16(hebrew)), hebrew)
    assert.equal(decode(utf16(hebrew).swap16()), hebrew)
    assert.equal(decode(utf16('Opening hours', false)), 'Opening hours')
    assert.equal(decode(utf16('Opening hours', false).swap16()), 'Opening hours')
  })

  it('reads what the media type says it is', () => {
    assert.equal(decode(in1255(hebrew), 'text/plain; charset=windows-1255'), hebrew)
    assert.equal(decode(in1255(hebrew), 'text/html; charset="ISO-8859-8-I"'), hebrew)
  })

  it('reads what a page says it is', () => {
    for (const meta of [
      '<meta charset=windows-1255>',
      `<META http-equiv="x" content='text/html; charset=iso-8859-8'>`,
    ]) {
      assert.equal(decode(in1255(`<html>${meta}${hebrew}`)), `<html>${meta}${hebrew}`)
    }
  })

  it('believes the bytes where they are UTF-8 though something else is said', () => {
    const page = `<meta charset="utf-16">${hebrew}`
    assert.equal(decode(Buffer.from(page)), page)
    assert.equal(decode(Buffer.from(hebrew), 'text/plain; charset=no-such-thing'), hebrew)
  })

  it('guesses Hebrew or Western letters where nothing says which', () => {
    assert.equal(decode(in1255(hebrew)), hebrew)
    assert.equal(
      decode(Buffer.from('Café à la crème, 5 €'.replace('€', '\x80'), 'latin1')),
      'Café à la crème, 5 €',
    )
    assert.equal(decode(in1255(hebrew), 'text/html; charset=utf-8'), hebrew)
  })

  it('refuses what is no text', () => {
    const noise = Buffer.from(Array.from({ length: 4_000 }, (_, index) => (index * 7919) % 251))
    for (const bytes of [
      noise,
      Buffer.alloc(1_000),
      Buffer.from('PK\x03\x04\x00\x00\x08\x00\x00'.repeat(20), 'latin1'),
    ]) {
      assert.throws(() => decode(bytes), Unreadable)
    }
  })

  it('reads nothing of nothing', () => assert.equal(decode(new Uint8Array()), ''))
})
