import assert from 'node:assert/strict'
import { chatFrame } from '../support/axe.ts'
import { PHONE } from '../support/browser.ts'
import type { ChatPage } from '../support/browser-chat.ts'
import { setStage } from '../support/browser-stage.ts'

/** Nothing in them can be broken where a line would end. */
const LONG_WORD = 'abc'.repeat(100)
const UNBROKEN = 'https://shop.example/' + 'a-very-long-path-without-any-space'.repeat(12)

describe('The look of the widget', () => {
  const stage = setStage()

  const asks = async (chat: ChatPage, question: string, answer: string) => {
    await chat.send(question)
    const call = await stage.model.calls.take()
    call.say(answer)
    call.end()
    await chat.showsFinished(answer)
  }

  it('fills the screen of a phone, and lets go of it when it is closed', async () => {
    const chat = await stage.visit({ visitor: await stage.newVisitor(PHONE) })
    await chat.launcher.tap()
    await chat.online()
    const box = await settledBox(chat)
    assert.deepEqual(box, { x: 0, y: 0, width: 390, height: 844 })
    const ring = chat.frame.locator(':focus-visible')
    assert.equal(await ring.count(), 0, 'a ring around something that nobody chose by keyboard')
    await asks(chat, UNBROKEN, UNBROKEN)
    assert.equal(await overflowOf(chat), 0)
    // Smaller letters would make phones zoom into the field.
    const size = await chat.composer.evaluate((field) => parseFloat(getComputedStyle(field).fontSize))
    assert.ok(size >= 16, `${size}px`)
    await chat.frame.getByRole('button', { name: 'Close chat' }).tap()
    await chat.launcher.waitFor()
    await chat.page.getByTitle('Chat', { exact: true }).waitFor({ state: 'hidden' })
  })

  it('breaks words that are longer than a line, and keeps long code within its bubble', async () => {
    const chat = await stage.visit()
    await chat.open()
    await chat.send(`${LONG_WORD} ${UNBROKEN}`)
    const call = await stage.model.calls.take()
    call.say(`${LONG_WORD} ${UNBROKEN}\n\n\`\`\`\n${UNBROKEN}\n\`\`\`\n\n- ${UNBROKEN}\n\n> ${UNBROKEN}`)
    call.end({ sources: [{ title: UNBROKEN }, { title: UNBROKEN, url: UNBROKEN }] })
    await chat.sources.first().waitFor()
    assert.equal(await overflowOf(chat), 0)
  })

  it('is dark where the visitor likes it dark, with words that can be read', async () => {
    const chat = await stage.visit({ visitor: await stage.newVisitor({ colorScheme: 'dark' }) })
    await chat.open()
    await asks(chat, 'Is it dark?', 'It is.')
    const grounds = await coloursOf(chat)
    for (const { words, ground } of grounds)
      assert.ok(contrast(words, ground) >= 4.5, `${words} on ${ground}`)
    assert.ok(luminance(grounds[0]!.ground) < 0.05)
  })

  it('is light where the tag says so, whatever the visitor likes', async () => {
    const visitor = await stage.newVisitor({ colorScheme: 'dark' })
    const chat = await stage.visit({ visitor, tag: { attributes: 'data-theme="light"' } })
    await chat.open()
    await asks(chat, 'Is it light?', 'It is.')
    const grounds = await coloursOf(chat)
    for (const { words, ground } of grounds)
      assert.ok(contrast(words, ground) >= 4.5, `${words} on ${ground}`)
    assert.ok(luminance(grounds[0]!.ground) > 0.8)
  })

  it('stands on the left where the tag says so', async () => {
    const chat = await stage.visit({ tag: { attributes: 'data-position="left"' } })
    assert.equal((await chat.launcher.boundingBox())!.x, 20)
    await chat.open()
    assert.equal((await settledBox(chat)).x, 20)
  })
})

/** The chat's place once it has stopped moving. */
async function settledBox({ page }: ChatPage) {
  const frame = page.getByTitle('Chat', { exact: true })
  await frame.evaluate((element) =>
    Promise.all(element.parentElement!.getAnimations().map((animation) => animation.finished)),
  )
  return (await frame.boundingBox())!
}

/** Pixels by which the page, the chat or its list of messages could be moved sideways. */
async function overflowOf(chat: ChatPage): Promise<number> {
  const ofPage = await chat.page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
  const ofChat = await chatFrame(chat).evaluate(() => {
    const scrolled = [document.documentElement, ...document.querySelectorAll('[role=region]')]
    return Math.max(...scrolled.map((element) => element.scrollWidth - element.clientWidth))
  })
  return Math.max(ofPage, ofChat)
}

/** Of everything that holds words of its own: their colour, and the ground below. */
function coloursOf(chat: ChatPage): Promise<{ words: string; ground: string }[]> {
  return chatFrame(chat).evaluate(() => {
    const found: { words: string; ground: string }[] = []
    for (const element of document.querySelectorAll('.bubble, .name, time, textarea, .below, header p, h1')) {
      let ground: Element | null = element
      while (ground && getComputedStyle(ground).backgroundColor === 'rgba(0, 0, 0, 0)')
        ground = ground.parentElement
      const { backgroundColor } = getComputedStyle(ground ?? document.documentElement)
      found.push({ words: getComputedStyle(element).color, ground: backgroundColor })
    }
    return found
  })
}

/** The contrast ratio of WCAG 2.2: https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio */
function contrast(one: string, other: string): number {
  const [dark, light] = [luminance(one), luminance(other)].sort((a, b) => a - b) as [number, number]
  return (light + 0.05) / (dark + 0.05)
}

function luminance(colour: string): number {
  const [red, green, blue] = [...colour.matchAll(/\d+/g)].map(([digits]) => {
    const share = Number(digits) / 255
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4
  }) as [number, number, number]
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}
