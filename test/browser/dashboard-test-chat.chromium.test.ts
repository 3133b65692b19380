import assert from 'node:assert/strict'
import { setStage } from '../support/browser-stage.ts'
import { makeAdmin, PASSWORD } from '../support/admins.ts'
import { breaksNoRule } from '../support/axe.ts'
import { demoClient } from '../support/person.ts'

describe('Trying a client’s AI in the dashboard', () => {
  const stage = setStage()

  it('talks as a customer, with what each model was asked beside it, and counts for nobody', async () => {
    const { database } = stage.app.place
    const { email } = await makeAdmin(database, { name: 'Dana', role: 'admin', clientKey: 'pk_demo' })
    stage.expectComplaint(/401/)
    const page = await (await stage.newVisitor()).newPage()
    await page.goto(`${stage.app.url}/dashboard/clients/${(await demoClient(database)).id}/test-chat`)
    await page.locator('input[type=email]').fill(email)
    await page.locator('input[type=password]').fill(PASSWORD)
    await page.locator('button[type=submit]').click()
    await page.getByRole('button', { name: 'New test chat' }).click()

    const composer = page.getByRole('textbox', { name: 'Message as a customer' })
    await composer.fill('Is the rain jacket in stock?')
    await composer.press('Enter')
    await page.getByTestId('visitor-message').getByText('Is the rain jacket in stock?').waitFor()
    const call = await stage.model.calls.take()
    call.say('Yes, in ')
    await page.getByTestId('reply').getByText('Yes, in').waitFor()
    call.say('all sizes.')
    call.end()
    await page.getByTestId('answer').getByText('Yes, in all sizes.').waitFor()

    const asked = page.getByTestId('model-call')
    await asked.locator('summary').click()
    await asked.getByRole('region', { name: 'Asked', exact: true }).getByText('Is the rain jacket').waitFor()
    await asked.getByRole('region', { name: 'Answered' }).getByText('Yes, in all sizes.').waitFor()
    assert.match(await page.getByTestId('spent').innerText(), /tokens in, .* out · /)
    await breaksNoRule(page.mainFrame(), 'a test chat')

    await composer.fill('And in blue?')
    await composer.press('Enter')
    const stopped = await stage.model.calls.take()
    stopped.say('In blue ')
    await page.getByTestId('reply').getByText('In blue').waitFor()
    await page.getByRole('button', { name: 'Stop' }).click()
    await page.getByTestId('answer').getByText('In blue').waitFor()
    assert.ok(stopped.signal.aborted)

    await page.getByRole('button', { name: 'Begin anew' }).click()
    await page.getByText('Each request to a model appears here').waitFor()
    assert.equal(await page.getByTestId('answer').count(), 0)
    await page.goto(`${stage.app.url}/dashboard/live`)
    await page.getByText('It is quiet').waitFor()
  })
})
