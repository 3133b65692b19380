import assert from 'node:assert/strict'
import { createSecrets } from '../../server/infra/secrets.ts'
import { testConfig } from '../support/app.ts'
import { HEBREW } from '../support/browser-chat.ts'
import { setStage } from '../support/browser-stage.ts'
import { eventually } from '../support/eventually.ts'
import { json, startStandIn, type StandIn } from '../support/stand-in-n8n.ts'
import { setUpTools } from '../tools/turn/stage.ts'

const ARGUMENTS = { customer_name: 'Dana <b>Levi</b>', when: 'Friday, 10:00', note: 'מידה 38\u202e' }

describe('A visitor who is asked before something is done', () => {
  let standIn: StandIn
  const stage = setStage(async () => {
    standIn = await startStandIn()
    return { OUTBOUND_ALLOW: standIn.hostAndPort }
  })
  before(async () => {
    standIn.on('/book', json({ booked: true }))
    const parameters_schema = { type: 'object', additionalProperties: { type: 'string' } }
    const set = { policy: 'confirm', label: 'Booking a fitting' }
    const secrets = createSecrets(testConfig().secrets)
    const tools = { book: { parameters_schema, set } }
    await setUpTools(stage.app.place.database, 'pk_demo', { standIn, tools, secrets })
  })
  after(() => standIn.close())

  const askedToBook = async (chat: Awaited<ReturnType<typeof stage.visit>>) => {
    await chat.open()
    await chat.send('Book a fitting')
    const call = await stage.model.calls.take()
    call.say('One moment.')
    call.end({ calls: [{ id: 'c', name: 'book', arguments: ARGUMENTS }], stop: 'tools' })
    const card = chat.frame.getByTestId('confirm')
    await card.waitFor()
    return card
  }

  it('sees exactly what would be done, also after a reload, and agrees to it', async () => {
    const chat = await stage.visit()
    let card = await askedToBook(chat)
    await chat.page.reload({ waitUntil: 'commit' })
    await chat.open()
    card = chat.frame.getByTestId('confirm')
    const shown = await card.locator('dl > div').allTextContents()
    assert.deepEqual(shown.map((line) => line.trim().replace(/\s+/g, ' ')).sort(), [
      'Customer name Dana <b>Levi</b>',
      'Note מידה 38[U+202E]',
      'When Friday, 10:00',
    ])
    assert.equal(standIn.calls.all.length, 0)
    await card.getByRole('button', { name: 'Yes, do it' }).click()
    const sent = await standIn.calls.take()
    assert.deepEqual((JSON.parse(sent.text) as { arguments: unknown }).arguments, ARGUMENTS)
    await eventually(async () => assert.equal(await card.count(), 0))
    const after = await stage.model.calls.take()
    after.say('It is booked.')
    after.end()
    await chat.showsFinished('One moment.It is booked.')
  })

  it('may say no, in Hebrew from right to left, and nothing is done', async () => {
    const visitor = await stage.newVisitor({ locale: 'he-IL' })
    const chat = await stage.visit({ visitor, names: HEBREW })
    const before = standIn.calls.all.length
    const card = await askedToBook(chat)
    assert.equal(await card.evaluate((element) => getComputedStyle(element).direction), 'rtl')
    await card.getByRole('button', { name: 'לא', exact: true }).click()
    const after = await stage.model.calls.take()
    assert.match(JSON.stringify(after.request.messages.at(-1)), /declined|did not|no/i)
    await eventually(async () => assert.equal(await card.count(), 0))
    assert.equal(standIn.calls.all.length, before)
    after.say('Fine.')
    after.end()
    await chat.showsFinished('One moment.Fine.')
  })

  it('is asked no more once it writes something else', async () => {
    const chat = await stage.visit()
    const card = await askedToBook(chat)
    await chat.send('Wait, at 11 instead')
    const after = await stage.model.calls.take()
    await eventually(async () => assert.equal(await card.count(), 0))
    after.say('Not booked.')
    after.end()
    const next = await stage.model.calls.take()
    next.say('At 11 then?')
    next.end()
    await eventually(async () => assert.equal(await chat.answers.count(), 2))
  })
})
