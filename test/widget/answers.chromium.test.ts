import { svelte } from '@sveltejs/vite-plugin-svelte'
import assert from 'node:assert/strict'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { chromium, type Browser, type Page } from 'playwright-core'
import { build } from 'vite'

const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..', '..')
const ALLOWED = new Set('P H3 DIV STRONG EM S CODE PRE BLOCKQUOTE UL OL LI HR BR A'.split(' '))
const ATTRIBUTES = new Set('class dir href target rel start tabindex role aria-level'.split(' '))

const PAYLOADS = [
  '<script>window.hit = 1</script>',
  '<img src="https://evil.example/a.png" onerror="window.hit = 1">',
  '![pixel](https://evil.example/b.png)',
  '[click](javascript:window.hit=1)',
  '[click](data:text/html,<script>window.hit=1</script>)',
  '<iframe src="https://evil.example"></iframe>',
  '<svg/onload=window.hit=1>',
  '<style>@import url(https://evil.example/c.css)</style>',
  '[a](https://a.example" onmouseover="window.hit=1)',
  '```html\n<script>window.hit = 1</script>\n```',
  '<https://evil.example/d>',
  '| a | b |\n|---|---|\n| <img src=https://evil.example/e onerror=window.hit=1> | x |',
  '\u202egnp.exe\u202c [x](\u0001javascript:window.hit=1)',
]

describe('an answer in Chromium', () => {
  let browser: Browser
  let page: Page
  const requests: string[] = []

  before(async () => {
    const { CHROMIUM_PATH: executablePath = '/usr/bin/chromium' } = process.env
    browser = await chromium.launch({
      executablePath,
      args: ['--no-sandbox', '--disable-gpu', '--disable-quic'],
    })
    page = await browser.newPage()
    page.on('request', (request) => requests.push(request.url()))
    await page.setContent('<body></body>')
    await page.addScriptTag({ content: await bundle() })
  })
  after(() => browser.close())

  it('holds payloads as words at every prefix: nothing runs and no request leaves', async () => {
    requests.length = 0
    for (const payload of PAYLOADS)
      await page.evaluate((text) => window.grow(text), `**Look** ${payload} end`)
    const found = await page.evaluate(() => ({
      hit: 'hit' in window,
      elements: [...document.querySelectorAll('#answer *')].map((element) => ({
        tag: element.tagName,
        attributes: element.getAttributeNames(),
        href: element.getAttribute('href'),
      })),
    }))
    assert.equal(found.hit, false)
    assert.deepEqual(requests, [])
    assert.ok(found.elements.length > PAYLOADS.length)
    for (const { tag, attributes, href } of found.elements) {
      assert.ok(ALLOWED.has(tag), tag)
      for (const name of attributes) assert.ok(ATTRIBUTES.has(name), `${tag} ${name}`)
      if (href !== null) assert.match(href, /^https:/)
    }
  })

  it('opens links elsewhere, without a way back to us', async () => {
    await page.evaluate((text) => window.grow(text), 'See [this](https://a.example/x).')
    const link = page.locator('#answer a').last()
    assert.equal(await link.getAttribute('target'), '_blank')
    assert.match((await link.getAttribute('rel')) ?? '', /noopener/)
  })

  it('shows exactly the words, blanks included', async () => {
    const shown = await page.evaluate((text) => window.grow(text), 'a **b** *c*d `e` [f](https://g.example)h')
    assert.equal(shown, 'a b cd e fh')
  })

  it('gives a sentence of another language its direction, and keeps a list on one side', async () => {
    const text = 'Trail Boots\n\nשלום AB-1042\n\nHow do you do?\n\n- אחת\n- It is not an order.'
    await page.evaluate((all) => window.grow(all), text)
    const directions = await page
      .locator('#answer > :last-child')
      .locator('xpath=self::*/descendant-or-self::*[self::p or self::ul]')
      .evaluateAll((found) => found.map((element) => [element.tagName, getComputedStyle(element).direction]))
    assert.deepEqual(directions, [
      ['P', 'rtl'],
      ['P', 'rtl'],
      ['P', 'ltr'],
      ['UL', 'rtl'],
      ['P', 'rtl'],
      ['P', 'ltr'],
    ])
  })
})

/** The chat's own component and reader, and a function that feeds it a text letter by letter. */
async function bundle(): Promise<string> {
  const entry = '\0entry'
  const source = `
    import { flushSync, mount } from 'svelte'
    import Markdown from '/transcript/Markdown.svelte'
    import { MarkdownReader } from '/transcript/markdown/blocks.ts'
    import { createSubscriber } from 'svelte/reactivity'
    const root = document.createElement('main')
    root.id = 'answer'
    document.body.append(root)
    window.grow = (text) => {
      const reader = new MarkdownReader()
      let blocks = []
      let changed = () => {}
      const subscribe = createSubscriber((update) => { changed = update })
      const target = document.createElement('div')
      root.append(target)
      let open = true
      const props = {
        whole: 'rtl',
        get blocks() { subscribe(); return blocks },
        get open() { subscribe(); return open },
      }
      mount(Markdown, { target, props })
      flushSync()
      for (let end = 1; end <= text.length; end += 1) {
        open = end < text.length
        blocks = reader.read(text.slice(0, end), open)
        changed()
        flushSync()
      }
      return target.textContent
    }`
  const built = await build({
    root: ROOT,
    configFile: false,
    logLevel: 'error',
    publicDir: false,
    plugins: [
      svelte({ configFile: false }),
      {
        name: 'entry',
        enforce: 'pre',
        resolveId(id: string) {
          if (id.endsWith('answers-entry')) return entry
          return id.startsWith('/widget/') ? join(ROOT, id) : null
        },
        load: (id: string) => (id === entry ? source : null),
      },
    ],
    build: { write: false, lib: { entry: 'answers-entry', formats: ['iife'], name: 'Answers' } },
  })
  const [output] = Array.isArray(built) ? built : [built]
  assert.ok('output' in output)
  return output.output[0].code
}

declare global {
  interface Window {
    /** Shows a text letter by letter; resolves with the words shown at its end. */
    grow(text: string): string
  }
}
