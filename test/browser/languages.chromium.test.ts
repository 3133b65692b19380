import assert from 'node:assert/strict'
import { chatFrame } from '../support/axe.ts'
import { type ChatPage, ENGLISH, HEBREW } from '../support/browser-chat.ts'
import { scriptTag, shopPage } from '../support/browser-site.ts'
import { setStage } from '../support/browser-stage.ts'

describe('The language of the widget', () => {
  const stage = setStage()

  const asks = async (chat: ChatPage, question: string) => {
    await chat.send(question)
    return stage.model.calls.take()
  }
  const isAnswered = async (chat: ChatPage, question: string, answer: string) => {
    const call = await asks(chat, question)
    call.say(answer)
    call.end()
    await chat.showsFinished(answer)
  }

  it('is Hebrew, from right to left, where the tag says so, and each part stands on its side', async () => {
    const chat = await stage.visit({ tag: { attributes: 'data-locale="he"' }, names: HEBREW })
    await chat.open()
    await isAnswered(chat, 'מתי אתם פתוחים?', 'אנחנו פתוחים מ־9:00 עד 20:00, גם ב־Acme Outfitters.')
    const root = chat.frame.locator('html')
    assert.deepEqual([await root.getAttribute('lang'), await root.getAttribute('dir')], ['he', 'rtl'])
    assert.deepEqual(await directionsOf(chat), ['rtl', 'rtl'])
    assert.equal(await directionOf(chat, 'textarea'), 'rtl')
    // The visitor's words are at the end of the line, which is on the left here.
    const boxes = [chat.visitorMessages.locator('.bubble'), chat.answerTexts].map((one) => one.boundingBox())
    const [visitor, answer] = await Promise.all(boxes)
    assert.ok(visitor!.x < answer!.x)
    await chat.composer.fill('In English')
    assert.equal(await directionOf(chat, 'textarea'), 'ltr')
    await chat.composer.fill('AB-1042')
    assert.equal(await directionOf(chat, 'textarea'), 'rtl')
  })

  it("is the page's where the tag says none, then the browser's, then the client's", async () => {
    const visitor = await stage.newVisitor({ locale: 'he-IL' })
    const opens = async (html: string, names: typeof ENGLISH) => {
      const chat = await stage.visit({ visitor, html, names })
      await chat.launcher.waitFor()
      await chat.page.close()
    }
    const page = (lang: string, attributes = '') =>
      shopPage(scriptTag(stage.app.url, { attributes })).replace('<html>', `<html lang="${lang}">`)
    await opens(page('en', 'data-locale="iw"'), HEBREW)
    await opens(page('en_US'), ENGLISH)
    await opens(page('fr'), HEBREW)
    const french = await stage.newVisitor({ locale: 'fr-FR' })
    const chat = await stage.visit({ visitor: french })
    await chat.open()
    assert.equal(await chat.frame.locator('html').getAttribute('lang'), 'en')
  })

  it('leaves an answer on its side from its first character to its last, whatever comes first', async () => {
    const chat = await stage.visit({ tag: { attributes: 'data-locale="he"' }, names: HEBREW })
    await chat.open()
    await watchSides(chat)
    const answers: [question: string, pieces: string[], direction: string][] = [
      ['איפה AB-1042?', ['AB', '-1042', ' נשלחה', ' אתמול ב־DHL Express.'], 'rtl'],
      ['ואצלכם?', ['Acme ', 'Outfitters ', 'Tel Aviv', ' פתוחה עד 20:00!'], 'rtl'],
      ['איך?', ['🎉 ', '`npm ', 'i`', ' ואז https://shop.example/a?b=c/ וזהו.'], 'rtl'],
      ['מה יש?', ['- Trail', ' Boots\n- ', 'Rain Jacket\n', '- מעיל\n'], 'rtl'],
      ['And in English, please?', ['משה ', 'כהן', ' ordered it, and', ' paid.'], 'ltr'],
    ]
    for (const [question, pieces, direction] of answers) {
      const call = await asks(chat, question)
      for (const piece of pieces) {
        call.say(piece)
        await chat.frame
          .getByText(
            piece
              .replace(/[`\n]|- /g, '')
              .trim()
              .split(' ')
              .at(-1)!,
          )
          .last()
          .waitFor()
      }
      call.end()
      await chat.frame.locator('[data-testid=answer]:not([data-status=running])').last().waitFor()
      assert.deepEqual(await sidesOf(chat), [direction], question)
    }
  })

  it('keeps the items of a list on one side, each in the order of its own words', async () => {
    const chat = await stage.visit({ tag: { attributes: 'data-locale="he"' }, names: HEBREW })
    await chat.open()
    const call = await asks(chat, 'מה כתוב שם?')
    call.say('כך:\n\n- מעיל גשם\n- How do you do?\n- Trail Boots 42\n\nHow are you doing?\n\n```\nnpm i\n```')
    call.end()
    await chat.frame.locator('pre').waitFor()
    const items = await chat.frame.locator('[data-testid=answer-text] :is(p, pre)').evaluateAll((found) =>
      found.map((element) => {
        const [outer, range] = [element.getBoundingClientRect(), document.createRange()]
        range.selectNodeContents(element)
        const inner = range.getBoundingClientRect()
        const side = outer.right - inner.right < inner.left - outer.left ? 'right' : 'left'
        return `${getComputedStyle(element).direction} ${side}`
      }),
    )
    assert.deepEqual(items, ['rtl right', 'rtl right', 'ltr right', 'rtl right', 'ltr left', 'ltr left'])
  })

  it('writes times as the visitor does, also beside words in Hebrew', async () => {
    for (const [locale, time] of [
      ['en-US', /^\d{1,2}:\d\d\s[AP]M$/],
      ['en-GB', /^\d{1,2}:\d\d$/],
    ] as const) {
      const chat = await stage.visit({ visitor: await stage.newVisitor({ locale }) })
      await chat.open()
      await isAnswered(chat, 'מתי?', 'מ־9 עד 20, כל יום.')
      assert.deepEqual(await directionsOf(chat), ['rtl', 'rtl'])
      assert.match(await chat.frame.locator('.by time').innerText(), time)
    }
  })
})

function directionOf({ frame }: ChatPage, selector: string): Promise<string> {
  return frame.locator(selector).evaluate((element) => getComputedStyle(element).direction)
}

/** Of the visitor's messages, then of the answers. */
async function directionsOf({ frame }: ChatPage): Promise<string[]> {
  const messages = frame.locator('[data-testid=visitor-message] .bubble p, [data-testid=answer-text] > *')
  return messages.evaluateAll((found) => found.map((element) => getComputedStyle(element).direction))
}

/** Notes every direction that the first words of each answer have, from now on. */
async function watchSides(chat: ChatPage): Promise<void> {
  await chatFrame(chat).evaluate(() => {
    const sides: Record<number, string[]> = {}
    Object.assign(window, { sides })
    new MutationObserver(() => {
      const answers = [...document.querySelectorAll('[data-testid=answer]')]
      const words = answers.at(-1)?.querySelector('[data-testid=answer-text] > [dir]')
      if (!words) return
      const { direction } = getComputedStyle(words)
      const known = (sides[answers.length] ??= [])
      if (known.at(-1) !== direction) known.push(direction)
    }).observe(document.body, { subtree: true, childList: true, characterData: true, attributes: true })
  })
}

/** Every side on which the last answer ever stood, in order. */
async function sidesOf(chat: ChatPage): Promise<string[]> {
  const count = await chat.answers.count()
  return chatFrame(chat).evaluate(
    (nth) => (window as unknown as { sides: Record<number, string[]> }).sides[nth] ?? [],
    count,
  )
}
