import assert from 'node:assert/strict'
import { join } from 'node:path'
import { build } from 'vite'
import { startSeverableProxy } from '../support/severable-proxy.ts'
import { shopPage } from '../support/browser-site.ts'
import { setStage } from '../support/browser-stage.ts'

/** The client as a page gets it: one module. */
async function bundle(): Promise<string> {
  const built = await build({
    ...{ configFile: false, logLevel: 'error' },
    build: {
      write: false,
      lib: { entry: join(import.meta.dirname, '../../client/index.ts'), formats: ['es'] },
    },
  })
  const [output] = Array.isArray(built) ? built : []
  const code = output?.output[0].code
  assert.ok(code !== undefined)
  return code
}

/** What a shop's own page would write. */
const PROGRAM = `
const { forVisitors } = await import(URL.createObjectURL(new Blob([CODE], { type: 'text/javascript' })))
const started = await forVisitors({ url: SERVER, clientKey: 'pk_demo' }).startSession()
let text = ''
for await (const told of started.data.streamChat('Tell me')) {
  if (told.event === 'reply:start') text = ''
  if (told.event === 'reply:delta') text += told.data.text
  document.title = told.event + ' ' + text
}
const page = await started.data.history()
document.title = 'history ' + page.data.messages.at(-1).content
`

describe('The typed client in a page of an allowed site', () => {
  const stage = setStage()

  it('streams an answer across origins, goes on after a cut, and reads the history', async () => {
    const proxy = await startSeverableProxy(stage.app.url)
    try {
      stage.expectComplaint(/net::ERR_|Failed to load/)
      const values = `const CODE = ${JSON.stringify(await bundle())}; const SERVER = ${JSON.stringify(proxy.url)}`
      const html = shopPage('', `<script type="module">${values}\n${PROGRAM}</script>`)
      const page = await (await stage.newVisitor()).newPage()
      const title = (text: string) => page.waitForFunction((wanted) => document.title === wanted, text)
      await page.goto(stage.site.put('/', { html }))
      const call = await stage.model.calls.take()
      call.say('One,')
      await title('reply:delta One,')
      proxy.sever()
      call.say(' two,')
      proxy.mend()
      await title('reply:delta One, two,')
      call.say(' three.')
      call.end()
      await title('history One, two, three.')
    } finally {
      await proxy.close()
    }
  })
})
