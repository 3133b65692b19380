import assert from 'node:assert/strict'
import { makeDataFolder } from '../support/databases.ts'
import { startParlor } from '../support/parlor-process.ts'
import { returning, Visitor } from '../support/visitor.ts'

const QUESTION = 'How long does shipping take, and how do returns work?'
/** Between two signals of somebody who does not want to wait, in ms. */
const IMPATIENCE = 100

describe('A second signal to end', function () {
  this.timeout(60_000)
  let folder: { dir: string; remove: () => Promise<void> }

  before(async () => (folder = await makeDataFolder()))
  after(() => folder.remove())

  const start = async () => {
    const parlor = startParlor(['start'], { DATA_DIR: folder.dir, PORT: '0', RATE_LIMITS: 'off' })
    const [, url = ''] = await parlor.says(/Demo shop\s+(\S+)\/demo/)
    return { parlor, url }
  }

  it('ends the process at once, and the next one answers what it left', async () => {
    const { parlor, url } = await start()
    const tab = new Visitor(url)
    const ready = await tab.ready()
    await tab.send('m1', QUESTION)
    await tab.next('reply:delta')
    const began = performance.now()
    parlor.child.kill('SIGTERM')
    const impatience = setInterval(() => parlor.child.kill('SIGTERM'), IMPATIENCE)
    const { code } = await parlor.ended
    clearInterval(impatience)
    tab.close()
    assert.equal(code, 1)
    assert.ok(performance.now() - began < 8_000)

    const next = await start()
    const back = new Visitor(next.url, returning(ready))
    const [{ message }] = await back.next('reply:end')
    back.close()
    next.parlor.child.kill('SIGTERM')
    assert.deepEqual([message.status, message.answers_to], ['complete', 1])
    assert.equal((await next.parlor.ended).code, 0)
  })
})
