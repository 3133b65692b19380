import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { contrast, formatColour, parseColour, READABLE, type Rgb } from '../../protocol/contrast.ts'
import { brandColours } from '../../protocol/brand-colours.ts'

const CSS = readFileSync(join(import.meta.dirname, '../../widget/frame/app.css'), 'utf8')
const THEMES = [...CSS.matchAll(/--surface.*?\}/gs)].map(([block]) => tokensOf(block))
/** WCAG 2.2, 1.4.11: the least contrast of what is no text. */
const VISIBLE = 3
/** What words stand on, and what words and edges are drawn in: custom properties of app.css. */
const GROUNDS = ['surface', 'raised', 'field', 'bubble', 'hover']
const WORDS = ['text', 'muted', 'danger', 'warning']

describe("a client's colour", () => {
  it('is readable as ground and as text, whatever was picked', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 0xffffff }), (value) => {
        const { brand, onBrand, inkOnLight, inkOnDark } = brandColours(hex(value))
        assert.equal(brand, hex(value))
        assert.ok(ratio(onBrand, brand) >= READABLE)
        for (const [theme, ink] of [
          [THEMES[0]!, inkOnLight],
          [THEMES[1]!, inkOnDark],
        ] as const) {
          for (const ground of GROUNDS) {
            assert.ok(ratio(ink, theme[ground]!) >= READABLE, `${ink} on ${ground}`)
            assert.ok(ratio(ink, tinted(theme[ground]!, ink)) >= READABLE, `${ink} on its badge on ${ground}`)
          }
        }
      }),
      { seed: 2026, numRuns: 3_000 },
    )
  })

  it('is not needed for anything else to be read, or for an edge to be seen', () => {
    assert.equal(THEMES.length, 2)
    for (const theme of THEMES)
      for (const ground of GROUNDS) {
        for (const words of WORDS)
          assert.ok(ratio(theme[words]!, theme[ground]!) >= READABLE, `${words} on ${ground}`)
        assert.ok(ratio(theme['edge']!, theme[ground]!) >= VISIBLE, `edge on ${ground}`)
      }
  })

  it('stays as it is where it can be read', () => {
    const colours = brandColours('#0f6b52')
    assert.equal(colours.onBrand, '#ffffff')
    assert.equal(colours.inkOnLight, '#0f6b52')
  })

  it('may be short, and counts as the default when it is none', () => {
    assert.equal(brandColours('#fa0').brand, '#ffaa00')
    for (const broken of ['', 'red', '#12', '#ggg', 'url(x)', '#12345678'])
      assert.equal(brandColours(broken).brand, '#4f46e5')
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

/** Custom properties that are plain colours. */
function tokensOf(block: string): Record<string, string> {
  return Object.fromEntries(
    [...block.matchAll(/--([\w-]+): (#[0-9a-f]+);/g)].map(([, name, value]) => [name!, value!]),
  )
}

/** The ground of the badge that says who is answering: a tenth of its words' colour, as app.css mixes it. */
function tinted(ground: string, ink: string): string {
  const [under, over] = [parseColour(ground)!, parseColour(ink)!]
  return formatColour([0, 1, 2].map((at) => Math.round(under[at]! * 0.9 + over[at]! * 0.1)) as unknown as Rgb)
}
