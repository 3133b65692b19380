import assert from 'node:assert/strict'
import type { BrowserContext } from 'playwright-core'
import type { ChatPage } from '../support/browser-chat.ts'
import { startHostSite, type HostSite } from '../support/browser-site.ts'
import { setStage } from '../support/browser-stage.ts'
import { eventually } from '../support/eventually.ts'

/** Texts that would run something, or ask for something, if any part of them were taken for more than words. */
const payloads = (evil: string) => [
  `<script>fetch('${evil}/1')</script>`,
  `<img src="${evil}/2" onerror="alert(2)">`,
  `![pixel](${evil}/3)`,
  `![pixel][ref]\n\n[ref]: ${evil}/4`,
  `<iframe src="${evil}/5"></iframe>`,
  `<svg onload="fetch('${evil}/6')"><image href="${evil}/6" /></svg>`,
  `<style>@import url(${evil}/7); * { background: url(${evil}/7) }</style>`,
  `<link rel="prefetch" href="${evil}/8"><meta http-equiv="refresh" content="0;url=${evil}/8">`,
  `<a href="${evil}/9" ping="${evil}/9">harmless</a> <form action="${evil}/9"><button>Go</button></form>`,
  `[harmless](${evil}/10)`,
  '[click](javascript:alert(11)) [click](JaVaScRiPt:alert(11)) [click](\tjava\nscript:alert(11))',
  '[click](data:text/html,<script>alert(12)</script>) [click](vbscript:alert(12)) [click](blob:x) [click](//x)',
  `[\`](${evil}/13" onmouseover="alert(13)) <b onclick=alert(13)>`,
  '</script><script>alert(14)</script><!--',
  '{{constructor.constructor("alert(15)")()}} ${alert(15)} <%= alert(15) %>',
  '\u202Egnp.elif\u202C \u2066[click](javascript:alert(16))\u2069',
]

describe('What a model or a visitor writes', () => {
  const stage = setStage()
  let evil: HostSite
  let requests: string[]
  let visitor: BrowserContext

  before(async () => {
    evil = await startHostSite()
  })
  after(() => evil.close())
  beforeEach(async () => {
    evil.asked.length = 0
    requests = []
    visitor = await stage.newVisitor()
    visitor.on('request', (request) => requests.push(request.url()))
  })

  /** Nobody but the shop and the server was asked for anything; and no link leads elsewhere than it says. */
  const isInert = async (chat: ChatPage) => {
    const known = [stage.site.url, stage.app.url]
    const foreign = requests.filter((url) => !known.includes(new URL(url).origin))
    assert.deepEqual([foreign, evil.asked], [[], []])
    assert.equal(chat.page.frames().length, 2)
    assert.equal(visitor.pages().length, 1)
    const drawn = chat.frame.locator(
      '[data-testid=messages] :is(img, iframe, script, style, link, form, object)',
    )
    assert.equal(await drawn.count(), 0)
    const links = chat.frame.locator('[data-testid=messages] a')
    const addresses = await links.evaluateAll((all) =>
      all.map((link) => [(link as HTMLAnchorElement).protocol, link.getAttribute('rel') ?? '']),
    )
    for (const [protocol, rel] of addresses) {
      assert.match(protocol!, /^(https?|mailto|tel):$/)
      assert.match(rel!, /noopener/)
      assert.match(rel!, /noreferrer/)
    }
  }

  it('is words and nothing else in an answer, whole, piece by piece, and after a reload', async () => {
    const chat = await stage.visit({ visitor })
    await chat.open()
    await chat.send('Go on, try')
    const call = await stage.model.calls.take()
    // Piece by piece: what is harmless whole may not be in the middle.
    for (const piece of payloads(evil.url)
      .join('\n\n')
      .match(/[^]{1,7}/gu)!)
      call.say(piece)
    call.say('\n\nThe end.')
    await chat.answerTexts.getByText('The end.').waitFor()
    await isInert(chat)
    call.end()
    await eventually(async () => assert.equal(await chat.running(), 0))
    await isInert(chat)
    await chat.page.reload()
    await chat.open()
    await chat.answerTexts.getByText('The end.').waitFor()
    await isInert(chat)
  })

  it('is words and nothing else in a question, to the character', async () => {
    const chat = await stage.visit({ visitor })
    await chat.open()
    const texts = payloads(evil.url).map((text) => text.trim())
    for (const text of texts) {
      await chat.send(text)
      const call = await stage.model.calls.take()
      call.end()
    }
    await chat.hasSent(...texts)
    await isInert(chat)
    await chat.page.reload()
    await chat.open()
    await chat.hasSent(...texts)
    await isInert(chat)
  })

  it('is words and nothing else in a source', async () => {
    const chat = await stage.visit({ visitor })
    await chat.open()
    await chat.send('Where is that from?')
    const call = await stage.model.calls.take()
    call.say('From here.')
    call.end({
      sources: [
        { title: `<img src="${evil.url}/1">`, url: 'javascript:alert(1)' },
        { title: 'Data', url: 'data:text/html,<script>alert(2)</script>' },
        { title: 'A page', url: `${evil.url}/3` },
      ],
    })
    await eventually(async () =>
      assert.deepEqual(await chat.sources.allTextContents(), [`<img src="${evil.url}/1">`, 'Data', 'A page']),
    )
    assert.deepEqual(
      await chat.sources.getByRole('link').evaluateAll((links) => links.map((link) => link.textContent)),
      ['A page'],
    )
    await isInert(chat)
  })

  it('is words and nothing else in the names and texts of a business and its people', async () => {
    const [script, image, link, bidi] = [0, 1, 9, 15].map((at) => payloads(evil.url)[at]!) as [
      string,
      string,
      string,
      string,
    ]
    const { sequelize } = stage.app.place.database
    await sequelize.query(
      `INSERT INTO clients (name, api_key, domain, allowed_origins, branding)
       SELECT :image, 'pk_evil', domain, allowed_origins, CAST(:branding AS jsonb) FROM clients WHERE api_key = 'pk_demo'`,
      {
        replacements: {
          image,
          branding: JSON.stringify({ agent_name: script, greeting: link, suggestions: [image, bidi] }),
        },
      },
    )
    const chat = await stage.visit({ visitor, tag: { key: 'pk_evil' } })
    await chat.open()
    await chat.frame.getByText(link, { exact: true }).waitFor()
    await chat.frame.getByRole('button', { name: image, exact: true }).waitFor()
    await chat.send('Is anybody there?')
    const call = await stage.model.calls.take()
    call.say('Yes.')
    call.end()
    await chat.showsFinished('Yes.')
    await sequelize.query(
      `INSERT INTO messages (id, conversation_id, seq, role, content, "timestamp", author)
       SELECT gen_random_uuid(), id, last_seq + 1, 'agent', :link, now(), CAST(:author AS jsonb)
       FROM conversations WHERE session_id = :session`,
      {
        replacements: {
          link,
          author: JSON.stringify({ name: image }),
          session: (await chat.session('pk_evil')).session_id,
        },
      },
    )
    await sequelize.query(`UPDATE conversations SET last_seq = last_seq + 1 WHERE session_id = :session`, {
      replacements: { session: (await chat.session('pk_evil')).session_id },
    })
    await chat.page.reload()
    await chat.open()
    await chat.answers.getByText(image, { exact: true }).first().waitFor()
    await isInert(chat)
  })

  it('follows a link only when it is clicked: in a window of its own that knows nothing of the shop', async () => {
    const chat = await stage.visit({ visitor })
    await chat.open()
    await chat.send('Where?')
    const call = await stage.model.calls.take()
    call.say(`[Here](${evil.put('/page', { html: '<title>Elsewhere</title>' })})`)
    call.end()
    await chat.showsFinished('Here')
    await isInert(chat)
    const opened = visitor.waitForEvent('page')
    await chat.answerTexts.getByRole('link', { name: 'Here' }).click()
    const page = await opened
    await page.waitForLoadState()
    assert.deepEqual(await page.evaluate(() => [document.title, document.referrer, opener === null]), [
      'Elsewhere',
      '',
      true,
    ])
  })
})
