import assert from 'node:assert/strict'
import type { Browser } from 'playwright-core'
import { launchBrowser } from '../support/browser.ts'
import { ChatPage } from '../support/browser-chat.ts'
import { scriptTag, shopPage, startHostSite, type HostSite } from '../support/browser-site.ts'
import { makeDataFolder, openAgain } from '../support/databases.ts'
import { eventually } from '../support/eventually.ts'
import { keptOf } from '../support/heart.ts'
import { startServer, type ServerProcess } from '../support/server-process.ts'
import { startSeverableProxy, type SeverableProxy } from '../support/severable-proxy.ts'

const QUESTION = 'How long does shipping take, and what does it cost?'

/** Milliseconds for a widget that has tried in vain for as long as a busy machine takes to start a server. */
const LONGEST_PAUSE = 30_000

interface Row {
  role: string
  content: string
  status: string | null
}

describe('The widget whose server is killed in mid-answer', function () {
  this.timeout(90_000)
  let folder: Awaited<ReturnType<typeof makeDataFolder>>
  let server: ServerProcess
  let address: SeverableProxy
  let site: HostSite
  let browser: Browser

  before(async () => {
    folder = await makeDataFolder()
    server = await start()
    // The new server has another port; visitors know one address.
    address = await startSeverableProxy(server.url)
    site = await startHostSite()
    browser = await launchBrowser()
  })
  after(async () => {
    await browser.close()
    await site.close()
    await address.close()
    await server.kill()
    await folder.remove()
  })

  const start = () => startServer({ DATA_DIR: folder.dir, RATE_LIMITS: 'off', LLM_PROVIDER: 'offline' })
  const kept = async (session: { id: string }) => {
    const database = await openAgain({ dir: folder.dir })
    try {
      return await keptOf<Row>(database, session, 'messages', 'seq')
    } finally {
      await database.close()
    }
  }

  it('connects again by itself and gets the one answer, whole and once', async () => {
    const page = await browser.newPage({ locale: 'en-GB' })
    await page.goto(site.put('/', { html: shopPage(scriptTag(address.url)) }))
    const chat = new ChatPage(page)
    await chat.open()
    await chat.send(QUESTION)
    await eventually(async () => assert.match((await chat.answerTexts.allTextContents()).join(), /\w+ \w+/))
    assert.equal(await chat.running(), 1)
    await server.kill()
    await eventually(async () =>
      assert.equal(await chat.connection.getAttribute('data-state'), 'reconnecting'),
    )
    server = await start()
    address.mend(server.url)
    await chat.online(LONGEST_PAUSE)
    await eventually(async () => assert.equal(await chat.running(), 0))
    assert.equal(await chat.answers.count(), 1)
    await chat.hasSent(QUESTION)

    const shown = await chat.answerTexts.allInnerTexts()
    const { session_id } = await chat.session()
    await page.reload()
    await chat.open()
    await eventually(async () => assert.deepEqual(await chat.answerTexts.allInnerTexts(), shown))
    await server.terminate()
    const rows = await kept({ id: session_id })
    assert.deepEqual(
      rows.map(({ role, status }) => [role, status]),
      [
        ['user', null],
        ['assistant', 'complete'],
      ],
    )
    assert.equal(wordsOf(shown[0]!), wordsOf(rows[1]!.content))
  })
})

/** The letters and digits of a text: all that drawing its marks leaves. */
function wordsOf(text: string): string {
  return text.replace(/[^\p{L}\p{N}]/gu, '')
}
