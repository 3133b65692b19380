import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

const WIDGET = join(import.meta.dirname, '../../widget')

/** Properties and values that name a side of the screen where one of the text could be named. */
const SIDED =
  /^(left|right|(margin|padding|border|scroll-margin|scroll-padding)-(left|right)\b.*|border-(top|bottom)-(left|right)-radius)$/
const SIDED_VALUE = /^(float|clear|text-align|caption-side)$/

/** Where the page itself names a side: `data-position` is left or right in every language. */
const ON_THE_PAGE = new Set([
  ':host { inset }',
  '.right .bubble { right }',
  '.left .bubble { left }',
  '.right .window { right }',
  '.left .window { left }',
])

describe('The layout of the widget', () => {
  it('names no side of the screen, so that it is mirrored where words run from right to left', () => {
    const styles = stylesOf(WIDGET)
    assert.ok(styles.length > 12)
    const found = styles.flatMap(declarationsOf).filter(isSided)
    const told = found.map(({ selector, property }) => `${selector} { ${property} }`)
    assert.deepEqual(
      told.filter((one) => !ON_THE_PAGE.has(one)),
      [],
    )
  })

  it('would be found naming one', () => {
    const css = `a { margin-left: 1px } b { padding: 1px 2px 3px 4px } c { border-radius: 1px 2px 3px }
      d { text-align: right } e { inset: 0 1px 0 2px } f { left: 0 } g { margin: 1px 2px; text-align: start }`
    assert.deepEqual(
      declarationsOf(css)
        .filter(isSided)
        .map(({ selector }) => selector),
      ['a', 'b', 'c', 'd', 'e', 'f'],
    )
  })
})

interface Declaration {
  selector: string
  property: string
  value: string
}

/** Every style sheet, and the style of every component. */
function stylesOf(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.(css|svelte)$/.test(name))
    .map((name) => {
      const text = readFileSync(join(folder, name), 'utf8')
      return name.endsWith('.css') ? text : (/<style>(.*)<\/style>/s.exec(text)?.[1] ?? '')
    })
}

function declarationsOf(css: string): Declaration[] {
  const rules = css.replace(/\/\*.*?\*\//gs, '').matchAll(/([^{};]+)\{([^{}]*)\}/g)
  return [...rules].flatMap(([, selector = '', body = '']) =>
    body
      .split(';')
      .map((declaration) => declaration.split(':', 2).map((part) => part.trim()))
      .flatMap(([property, value]) =>
        property && value ? [{ selector: selector.trim(), property, value }] : [],
      ),
  )
}

function isSided({ property, value }: Declaration): boolean {
  if (SIDED.test(property)) return true
  if (SIDED_VALUE.test(property)) return /^(left|right)\b/.test(value)
  // Top, right, bottom, left: the second and the fourth must be one and the same.
  const [, right, , left] = value.replace(/\([^()]*\)/g, '').split(/\s+/)
  if (/^(margin|padding|inset|border-width)$/.test(property)) return left !== undefined && left !== right
  return property === 'border-radius' && right !== undefined
}
