import assert from 'node:assert/strict'
import type { Page } from 'playwright-core'
import { createSecrets } from '../../server/infra/secrets.ts'
import { testConfig } from '../support/app.ts'
import { PHONE } from '../support/browser.ts'
import { setStage } from '../support/browser-stage.ts'
import { makeAdmin, PASSWORD } from '../support/admins.ts'
import { breaksNoRule } from '../support/axe.ts'
import { eventually } from '../support/eventually.ts'
import { demoClient } from '../support/person.ts'
import { json, startStandIn, type StandIn } from '../support/stand-in-n8n.ts'
import { setUpTools } from '../tools/turn/stage.ts'

const ADD_CANNED = {
  name: 'test/add-canned',
  text: `INSERT INTO canned_replies (id, client_id, shortcut, text) VALUES (gen_random_uuid(), $1, 'ship', 'We ship tomorrow.')`,
}

describe('Watching conversations live', () => {
  let standIn: StandIn
  const stage = setStage(async () => {
    standIn = await startStandIn()
    return { OUTBOUND_ALLOW: standIn.hostAndPort }
  })
  before(async () => {
    standIn.on('/find_order', json({ shipped: true }))
    const parameters_schema = { type: 'object', additionalProperties: { type: 'string' } }
    const tools = { find_order: { parameters_schema, set: { label: 'Looking at the order' } } }
    const secrets = createSecrets(testConfig().secrets)
    await setUpTools(stage.app.place.database, 'pk_demo', { standIn, tools, secrets })
  })
  after(() => standIn.close())

  /** Somebody of the business, signed in and on the page of live conversations. */
  async function enter(name: string, options: Parameters<typeof stage.newVisitor>[0] = {}): Promise<Page> {
    const { email } = await makeAdmin(stage.app.place.database, { name, role: 'admin', clientKey: 'pk_demo' })
    // Who is not signed in yet is told so.
    stage.expectComplaint(/401/)
    const context = await stage.newVisitor(options)
    await context.addInitScript(NOTIFICATIONS)
    const page = await context.newPage()
    await page.goto(`${stage.app.url}/dashboard/live`)
    await page.locator('input[type=email]').fill(email)
    await page.locator('input[type=password]').fill(PASSWORD)
    await page.locator('button[type=submit]').click()
    await page.locator('search').waitFor()
    return page
  }
  const says = (page: Page, testid: string, ...texts: string[]) =>
    eventually(async () => {
      const shown = await page.getByTestId(testid).allInnerTexts()
      assert.deepEqual(
        shown.map((text) => text.trim()),
        texts,
      )
    })

  it('shows each token as it comes, what tools are asked and answer, and lets a person take over in mid-answer', async () => {
    await stage.app.place.database.run(ADD_CANNED, [(await demoClient(stage.app.place.database)).id])
    const dana = await enter('Dana')
    const chat = await stage.visit()
    await chat.open()
    await chat.send('Where is my order?')
    await dana.getByTestId('inbox-row').click()
    await says(dana, 'visitor-message', 'Where is my order?')

    const call = await stage.model.calls.take()
    call.say('Let me look. ')
    await says(dana, 'reply', 'Let me look.')
    call.end({
      calls: [{ id: 'c', name: 'find_order', arguments: { order: 'AB-1042' } }],
      stop: 'tools',
      text: 'Let me look. ',
    })
    const tool = dana.getByTestId('call')
    await tool.getByText('done').waitFor()
    await tool.locator('summary').click()
    assert.match(await tool.innerText(), /find_order[\s\S]* ms[\s\S]*"order": "AB-1042"[\s\S]*"shipped"/)

    const next = await stage.model.calls.take()
    next.say('Your order is on its ')
    await says(dana, 'reply', 'Let me look.\n\nYour order is on its')
    await dana.getByRole('button', { name: 'Take over' }).click()
    await dana.getByText('You have this conversation').waitFor()
    assert.ok(next.signal.aborted)
    await says(dana, 'answer', 'Let me look.\n\nYour order is on its\n\nCut off by taking over.')

    const composer = dana.getByRole('textbox', { name: 'Message to the visitor' })
    await composer.fill('Dana here.')
    await composer.press('Enter')
    await says(dana, 'agent-message', 'Dana here.')
    await chat.frame.getByTestId('messages').getByText('Dana here.').waitFor()
    await composer.fill('/sh')
    await dana.getByRole('option', { name: '/ship' }).waitFor()
    await composer.press('Enter')
    assert.equal(await composer.inputValue(), 'We ship tomorrow.')
    await composer.press('Enter')
    await chat.frame.getByTestId('messages').getByText('We ship tomorrow.').waitFor()

    await chat.composer.pressSequentially('And')
    await says(dana, 'typing', 'The visitor is typing…')
    await dana.getByRole('button', { name: 'Hand back' }).click()
    await dana.getByText('The assistant answers.').waitFor()
    await chat.send('Thanks')
    const last = await stage.model.calls.take()
    last.say('Gladly.')
    last.end()
    await dana.getByTestId('answer').nth(1).getByText('Gladly.').waitFor()
    await breaksNoRule(dana.mainFrame(), 'a conversation')
  })

  it('tells colleagues who else looks, and what they write for each other', async () => {
    const dana = await enter('Dana')
    const chat = await stage.visit()
    await chat.open()
    await chat.send('Hello')
    const call = await stage.model.calls.take()
    call.say('Hi.')
    call.end()
    await dana.getByTestId('inbox-row').filter({ hasText: 'Hi.' }).click()
    await says(dana, 'visitor-message', 'Hello')
    const omer = await enter('Omer')
    await omer.goto(dana.url())
    await says(dana, 'present', 'Also here: Omer')
    await says(omer, 'present', 'Also here: Dana')
    const note = omer.getByRole('textbox', { name: 'Note for colleagues' })
    await note.fill('She called yesterday.')
    await note.press('Enter')
    await dana.getByTestId('note').getByText('She called yesterday.').waitFor()
    assert.equal(await chat.frame.getByTestId('messages').getByText('She called yesterday.').count(), 0)
    await omer.goto(`${stage.app.url}/dashboard/account`)
    await says(dana, 'present')
  })

  it('rings at once when a visitor asks for a person, on whatever page one is', async () => {
    const dana = await enter('Dana')
    await dana.goto(`${stage.app.url}/dashboard/account`)
    await dana.locator('h1').click()
    const chat = await stage.visit()
    await chat.open()
    await chat.send('A person, please')
    const call = await stage.model.calls.take()
    call.end({ calls: [{ id: 'c', name: 'hand_over', arguments: { reason: 'A refund' } }], stop: 'tools' })
    await dana.getByText('A visitor asks for a person').waitFor()
    await eventually(async () =>
      assert.deepEqual(await dana.evaluate('window.told'), ['A visitor asks for a person: A refund']),
    )
    await eventually(async () => assert.equal(await dana.evaluate('window.rung'), 1))
    await dana.getByRole('button', { name: 'Open' }).click()
    await dana.getByTestId('standing').getByText('A refund').waitFor()
    const next = await stage.model.calls.take()
    next.end()
  })

  it('goes through the list with j and k, keeps filters in the address, and breaks no rule on a phone, dark, in Hebrew', async () => {
    for (const text of ['First', 'Second']) {
      const chat = await stage.visit()
      await chat.open()
      await chat.send(text)
      const call = await stage.model.calls.take()
      call.say(`${text} answer`)
      call.end()
      await chat.showsFinished(`${text} answer`)
    }
    const dana = await enter('Dana', { ...PHONE, locale: 'he', colorScheme: 'dark' })
    await breaksNoRule(dana.mainFrame(), 'the list in Hebrew')
    const rows = dana.getByTestId('inbox-row')
    await dana.keyboard.press('j')
    await dana.getByTestId('visitor-message').waitFor()
    const first = dana.url()
    await dana.keyboard.press('j')
    await eventually(() => assert.notEqual(dana.url(), first))
    await dana.keyboard.press('k')
    await eventually(() => assert.equal(dana.url(), first))
    await breaksNoRule(dana.mainFrame(), 'a conversation in Hebrew')
    await dana.goto(`${stage.app.url}/dashboard/live?search=Second%20answer`)
    await eventually(async () => assert.equal(await rows.count(), 1))
    await dana.goto(`${stage.app.url}/dashboard/live?state=ended`)
    await eventually(async () => assert.equal(await rows.count(), 0))
  })
})

/** Notes notifications and sounds, as a person who has allowed them. */
const NOTIFICATIONS = `{
  window.told = []
  window.rung = 0
  window.Notification = class {
    static permission = 'granted'
    static requestPermission = () => Promise.resolve('granted')
    constructor(title, { body }) { window.told.push(title + ': ' + body) }
    close() {}
  }
  const start = OscillatorNode.prototype.start
  window.AudioContext = class extends AudioContext {
    constructor() { super(); window.rung += 1 }
  }
}`
