import assert from 'node:assert/strict'
import fc from 'fast-check'
import { contrast, parseColour, READABLE } from '../../protocol/contrast.ts'
import { brandColours } from '../../widget/frame/colour.ts'

const [LIGHT, DARK] = ['#f3f4f6', '#25272e']

describe("a client's colour", () => {
  it('is readable as ground and as text, whatever was picked', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 0xffffff }), (value) => {
        const { brand, onBrand, inkOnLight, inkOnDark } = brandColours(hex(value), LIGHT, DARK)
        assert.equal(brand, hex(value))
        assert.ok(ratio(onBrand, brand) >= READABLE)
        assert.ok(ratio(inkOnLight, LIGHT) >= READABLE)
        assert.ok(ratio(inkOnDark, DARK) >= READABLE)
      }),
      { seed: 2026, numRuns: 3_000 },
    )
  })

  it('stays as it is where it can be read', () => {
    const colours = brandColours('#0f6b52', LIGHT, DARK)
    assert.equal(colours.onBrand, '#ffffff')
    assert.equal(colours.inkOnLight, '#0f6b52')
  })

  it('may be short, and counts as the default when it is none', () => {
    assert.equal(brandColours('#fa0', LIGHT, DARK).brand, '#ffaa00')
    for (const broken of ['', 'red', '#12', '#ggg', 'url(x)', '#12345678'])
      assert.equal(brandColours(broken, LIGHT, DARK).brand, '#4f46e5')
  })

  it('has the contrast ratios of WCAG', () => {
    assert.equal(ratio('#000000', '#ffffff'), 21)
    assert.ok(Math.abs(ratio('#777777', '#ffffff') - 4.48) < 0.01)
  })
})

function hex(value: number): string {
  return `#${value.toString(16).padStart(6, '0')}`
}

function ratio(one: string, other: string): number {
  return contrast(parseColour(one)!, parseColour(other)!)
}
