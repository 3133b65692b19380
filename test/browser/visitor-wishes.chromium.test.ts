import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import type { Database } from '../../server/infra/database.ts'
import type { ChatPage } from '../support/browser-chat.ts'
import { setStage } from '../support/browser-stage.ts'
import { eventually } from '../support/eventually.ts'
import { makeClient } from '../support/factories.ts'
import { addPerson, demoClient, JWT_SECRET, Person } from '../support/person.ts'

describe('A visitor of the chat', () => {
  const stage = setStage(() => Promise.resolve({ JWT_SECRET, RATE_LIMITS: 'on' }))

  const answered = async (chat: ChatPage, question: string, text: string) => {
    await chat.send(question)
    const call = await stage.model.calls.take()
    call.say(text)
    call.end()
    await chat.showsFinished(text)
  }
  const choose = async (chat: ChatPage, item: string) => {
    await chat.frame.getByRole('button', { name: 'More' }).click()
    await chat.frame.getByRole('menu').getByText(item).click()
  }

  it('hears when the menu could not be fetched, and gets it the next time', async () => {
    const chat = await stage.visit()
    stage.expectComplaint(/ERR_FAILED/)
    await chat.page.route('**/assets/cards-*', (route) => route.abort())
    await chat.open()
    const more = chat.frame.getByRole('button', { name: 'More' })
    await more.click()
    await chat.frame.getByTestId('limit').waitFor()
    assert.equal(await more.getAttribute('aria-expanded'), 'false')
    await chat.page.unroute('**/assets/cards-*')
    await more.click()
    await chat.frame.getByRole('menuitem', { name: 'Talk to a person' }).waitFor()
  })

  it('who wants a person hears that nobody is there, leaves an address, and sees who comes after all', async () => {
    const { database } = stage.app.place
    const chat = await stage.visit()
    const told = await eventsOf(chat)
    await chat.open()
    await answered(chat, 'Hello', 'Hello!')
    await choose(chat, 'Talk to a person')
    await chat.frame.getByTestId('nobody').getByText('Nobody from our team is here right now.').waitFor()
    assert.equal(await chat.frame.getByTestId('awaited').count(), 1)

    const card = chat.frame.getByTestId('contact')
    await card.getByLabel('E-mail').fill('ada@shop')
    await card.getByLabel('Name').fill('Ada')
    await card.getByRole('button', { name: 'Send' }).click()
    await card.getByRole('alert').getByText('Please check the e-mail address.').waitFor()
    await card.getByLabel('E-mail').fill('ada@shop.example')
    await card.getByRole('button', { name: 'Send' }).click()
    await chat.frame.getByText('Thank you. We will write to you by e-mail.').waitFor()
    assert.equal(await card.count(), 0)
    assert.deepEqual(await kept(database, 'SELECT email, name FROM contacts'), [
      { email: 'ada@shop.example', name: 'Ada' },
    ])

    await chat.frame.getByRole('button', { name: 'I no longer need a person' }).click()
    await chat.frame.getByTestId('nobody').waitFor({ state: 'detached' })
    const shop = await demoClient(database)
    const face = `${stage.app.url}/demo/mark.svg`
    const { token } = await addPerson(database, { client: shop, name: 'Dana', avatar_url: face })
    const dana = new Person(stage.app.url, { token })
    try {
      await dana.connected
      const [{ id: conversation_id }] = (await kept(database, 'SELECT id FROM conversations')) as [
        { id: string },
      ]
      await dana.get('conversation:take_over', { conversation_id })
      await dana.get('message:send', { conversation_id, client_message_id: 'a1', text: 'Dana here.' })
      await chat.shows('Hello!', 'Dana here.')
      const header = chat.frame.getByRole('banner')
      assert.match(await header.innerText(), /Dana\s+Human\s+Team/)
      assert.equal(await header.locator('img').getAttribute('src'), face)
      const said = chat.answers.last()
      assert.match(await said.innerText(), /Dana\s+Human/)
      assert.equal(await said.locator('img').getAttribute('src'), face)
      await chat.page.reload({ waitUntil: 'commit' })
      await chat.open()
      await eventually(async () => assert.match(await header.innerText(), /Dana\s+Human/))
      assert.equal(await card.count(), 0)
      await dana.get('conversation:hand_back', { conversation_id })
      await eventually(async () => assert.match(await header.innerText(), /AI assistant/))
    } finally {
      dana.close()
    }
    assert.deepEqual(told(), ['handoff:requested', 'agent:joined'])
  })

  it('takes the words along, and says at the end how good it was', async () => {
    const { database } = stage.app.place
    const chat = await stage.visit()
    const told = await eventsOf(chat)
    await chat.open()
    await answered(chat, 'Is it open?', 'It is.')
    const [download] = await Promise.all([
      chat.page.waitForEvent('download'),
      choose(chat, 'Download transcript'),
    ])
    assert.match(download.suggestedFilename(), / \d{4}-\d\d-\d\d\.txt$/)
    const text = await readFile(await download.path(), 'utf8')
    assert.match(text, /You\u2069 · .*\nIs it open\?\n\n.*\(AI\)\u2069 · .*\nIt is\.\n$/)

    await choose(chat, 'End conversation')
    const card = chat.frame.getByTestId('rating')
    await card.getByRole('radio', { name: '4 of 5' }).check({ force: true })
    await card.getByLabel('Comment').fill('Quick')
    await card.getByRole('button', { name: 'Send' }).click()
    const thanks = chat.frame.getByTestId('rated')
    await thanks.getByText('Thank you. Your rating: 4 of 5.').waitFor()
    await chat.frame.getByRole('button', { name: 'Change' }).click()
    await card.getByRole('radio', { name: '5 of 5' }).check({ force: true })
    await card.getByRole('button', { name: 'Send' }).click()
    await thanks.getByText('5 of 5').waitFor()
    assert.deepEqual(told(), ['rating:submitted', 'rating:submitted'])
    assert.deepEqual(await kept(database, 'SELECT score FROM ratings'), [{ score: 5 }])
    await chat.page.reload({ waitUntil: 'commit' })
    await chat.open()
    await thanks.getByText('5 of 5').waitFor()
  })

  it('hears of an answer behind a closed window, and finds where reading stopped', async () => {
    const visitor = await stage.newVisitor()
    await visitor.addInitScript(countNotes)
    const chat = await stage.visit({ visitor })
    await chat.open()
    await answered(chat, 'One', 'First.')
    await choose(chat, 'Sound')
    const notes = () => chat.composer.evaluate(() => (globalThis as unknown as { notes: number }).notes)
    assert.equal(await notes(), 2)
    await chat.send('Two')
    const call = await stage.model.calls.take()
    await chat.frame.getByRole('button', { name: 'Close chat' }).click()
    call.say('Second.')
    call.end()
    const badge = chat.page.getByRole('button', { name: 'Open chat, 1 new message' })
    await badge.click()
    await chat.showsFinished('First.', 'Second.')
    assert.equal(await notes(), 4)
    const items = await chat.frame.getByTestId('messages').getByRole('listitem').allInnerTexts()
    assert.match(items.at(-1) ?? '', /^New messages\s/)
    await chat.send('Three')
    const third = await stage.model.calls.take()
    assert.equal(await chat.frame.getByTestId('first-new').count(), 0)
    third.say('Third.')
    third.end()
    await chat.showsFinished('First.', 'Second.', 'Third.')
    await chat.page.reload({ waitUntil: 'commit' })
    await chat.open()
    await chat.frame.getByRole('button', { name: 'More' }).click()
    assert.equal(
      await chat.frame.getByRole('menuitemcheckbox', { name: 'Sound' }).getAttribute('aria-checked'),
      'true',
    )
  })

  it('whose question failed may ask for a person there, and whose messages are too many reads for how long', async () => {
    const chat = await stage.visit()
    await chat.open()
    await chat.send('Hello')
    ;(await stage.model.calls.take()).fail(new Error('no answer'))
    await chat.answers.getByRole('button', { name: 'Talk to a person' }).click()
    await chat.frame.getByTestId('awaited').waitFor()
    assert.equal(await chat.answers.getByRole('button').count(), 0)
    for (let count = 0; count < 10; count += 1) await chat.send('And?')
    const limit = chat.frame.getByTestId('limit')
    await limit.getByText(/^That was a lot at once\.\s+It goes on in \d+ seconds?\.$/).waitFor()
    assert.equal(await chat.visitorMessages.last().getAttribute('data-state'), 'sending')
  })

  it('who has to sign in first reads so', async () => {
    const { database } = stage.app.place
    const strict = await makeClient(database, { allowed_origins: [stage.site.url] })
    await database.sequelize.query('UPDATE clients SET identity_required = true WHERE id = $1', {
      bind: [strict.id],
    })
    const chat = await stage.visit({ tag: { key: strict.api_key } })
    await chat.open()
    await chat.send('Hello')
    await chat.visitorMessages.getByText('Please sign in on this site to write here.').waitFor()
    await choose(chat, 'Talk to a person')
    await chat.frame.getByTestId('limit').getByText('Please sign in on this site to write here.').waitFor()
  })
})

/** Names of what the page is told from here on, of this file's concern. */
async function eventsOf({ page }: ChatPage): Promise<() => string[]> {
  const heard: string[] = []
  await page.exposeFunction('hear', (name: string) => heard.push(name))
  await page.evaluate(() => {
    for (const name of ['handoff:requested', 'agent:joined', 'rating:submitted'])
      addEventListener(`parlor:${name}`, () =>
        (globalThis as unknown as { hear(name: string): void }).hear(name),
      )
  })
  return () => heard
}

/** Counts the notes that a frame plays. */
function countNotes(): void {
  const counted = Object.assign(globalThis, { notes: 0 })
  globalThis.OscillatorNode = class extends OscillatorNode {
    override start(when?: number): void {
      counted.notes += 1
      super.start(when)
    }
  }
}

async function kept(database: Database, statement: string): Promise<unknown[]> {
  const [rows] = await database.sequelize.query(`${statement} ORDER BY 1`)
  return rows
}
