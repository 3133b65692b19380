import assert from 'node:assert/strict'
import { givenOf, linesOf } from '../../dashboard/arguments/given.ts'
import { placeOfPath, readJson, writeJson } from '../../dashboard/arguments/json-text.ts'
import { NEW_ROW, ofKind, rowsOf, withRows } from '../../dashboard/arguments/rows.ts'

const ORDER = {
  type: 'object',
  properties: {
    order: { type: 'string', description: 'Such as 1001.', maxLength: 20 },
    state: { type: 'string', enum: ['open', 'shipped'] },
    since: { type: 'string', format: 'date' },
    count: { type: 'integer', minimum: 1 },
    tags: { type: 'array', items: { type: 'string' } },
    place: { type: 'object', properties: { city: { type: 'string' } } },
  },
  required: ['order'],
  additionalProperties: false,
}

describe('The editor of arguments', () => {
  it('shows a schema as rows and makes the same schema of them', () => {
    const rows = rowsOf(ORDER)
    assert.deepEqual(
      rows.map(({ name, kind, required }) => [name, kind, required]),
      [
        ['order', 'text', true],
        ['state', 'choice', false],
        ['since', 'date', false],
        ['count', 'whole', false],
        ['tags', 'texts', false],
        ['place', 'other', false],
      ],
    )
    assert.deepEqual(withRows(ORDER, rows), ORDER)
  })

  it('keeps what rows do not show, and drops it with another kind', () => {
    const [order = NEW_ROW] = rowsOf(ORDER)
    const described = withRows(ORDER, [{ ...order, description: 'The number.' }])
    assert.deepEqual(described['properties'], {
      order: { type: 'string', description: 'The number.', maxLength: 20 },
    })
    const whole = withRows({}, [ofKind(order, 'whole')])
    assert.deepEqual(whole['properties'], { order: { type: 'integer', description: 'Such as 1001.' } })
  })

  it('makes a schema of an object of nothing, too', () => {
    for (const nothing of [null, 'text', [], {}]) {
      assert.deepEqual(rowsOf(nothing), [])
      assert.deepEqual(withRows(nothing, []), { type: 'object', properties: {} })
    }
  })

  it('says where a text stops being JSON, and what is missing there', () => {
    const faults = [
      ['{\n  "type": object\n}', 'value', 2, 11],
      ['{\n  "a": 1\n  "b": 2\n}', 'comma', 3, 3],
      ['{"a": 1', 'brace', 1, 8],
      ['{"a": 1, }', 'name', 1, 10],
      ['  ', 'empty', 1, 1],
    ] as const
    for (const [text, problem, line, column] of faults)
      assert.deepEqual(readJson(text), { ok: false, problem, place: { line, column } }, text)
    assert.deepEqual(readJson('{"a": [1]}'), { ok: true, value: { a: [1] } })
  })

  it('finds the line that a path leads to, or the nearest one above it', () => {
    const text = writeJson({
      type: 'object',
      properties: { a: { anyOf: [{ type: 'string' }, { typ: 1 }] }, 'b"{': { maxLength: 2 } },
    })
    const lineOf = (path: string) => text.split('\n')[placeOfPath(text, path).line - 1]?.trim()
    assert.equal(lineOf('/properties/a/anyOf/1/typ'), '"typ": 1')
    assert.equal(lineOf('/properties/b"{/maxLength'), '"maxLength": 2')
    assert.equal(lineOf('/properties/a/items'), '"a": {')
    assert.deepEqual(placeOfPath(text, ''), { line: 1, column: 1 })
  })
})

describe('The form that fills arguments', () => {
  const rows = rowsOf(ORDER)

  it('gives each in its own type, and leaves out what is empty', () => {
    const typed = { order: '1001', count: '3', tags: ' a \n\nb', place: '{"city":"Haifa"}', since: '' }
    assert.deepEqual(givenOf(rows, typed), {
      ok: true,
      given: { order: '1001', count: 3, tags: ['a', 'b'], place: { city: 'Haifa' } },
    })
    assert.deepEqual(linesOf(''), [])
  })

  it('names the first that cannot be read', () => {
    assert.deepEqual(givenOf(rows, { count: 'three' }), { ok: false, name: 'count' })
    assert.deepEqual(givenOf(rows, { place: '{' }), { ok: false, name: 'place' })
  })

  it('passes names on that programs may take for more than names', () => {
    const [one = NEW_ROW] = rows
    const made = givenOf(
      [{ ...one, name: '__proto__' }],
      JSON.parse('{"__proto__":"x"}') as Record<string, string>,
    )
    assert.ok(made.ok && Object.hasOwn(made.given, '__proto__'))
  })
})
