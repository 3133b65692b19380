import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import type { Browser, Page } from 'playwright-core'
import { makeConversations } from '../desk/made-conversations.ts'
import { startApp, type TestApp } from '../support/app.ts'
import { cheapPasswords, makeAdmin, PASSWORD } from '../support/admins.ts'
import { breaksNoRule } from '../support/axe.ts'
import { launchBrowser, PAGE_PATIENCE } from '../support/browser.ts'
import { demoClient } from '../support/person.ts'

describe('The dashboard, for those who keep clients', () => {
  let app: TestApp
  let browser: Browser
  let page: Page
  before(async () => {
    app = await startApp({ passwords: cheapPasswords() })
    browser = await launchBrowser()
    const { email } = await makeAdmin(app.place.database, { role: 'owner' })
    const context = await browser.newContext({ reducedMotion: 'reduce', locale: 'en-GB' })
    context.setDefaultTimeout(PAGE_PATIENCE)
    page = await context.newPage()
    await page.goto(`${app.url}/dashboard/clients`)
    await page.getByLabel('E-mail').fill(email)
    await breaksNoRule(page.mainFrame(), 'signing in')
    await page.getByLabel('Password').fill(PASSWORD)
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.getByRole('link', { name: /Acme Outfitters/ }).waitFor()
  })
  after(async () => {
    await browser.close()
    await app.close()
  })

  const tab = (name: string) => page.getByRole('navigation', { name: 'Sections' }).getByRole('link', { name })
  const saved = (text: string) => page.getByText(text).first().waitFor()

  it('makes a client, and shows its line and its secret key this once', async () => {
    await breaksNoRule(page.mainFrame(), 'the list')
    await page.getByRole('button', { name: 'New client' }).click()
    await page.getByLabel('Name of the business').fill('Blue Bakery')
    await page.getByLabel('Sites that may show the widget').fill('https://bakery.example/menu?a=1')
    await page.getByRole('switch', { name: /secret key/ }).click()
    await breaksNoRule(page.mainFrame(), 'the form')
    await page.getByRole('button', { name: 'Create client' }).click()
    const dialog = page.getByRole('dialog')
    const line = await dialog.getByLabel('Line for the site', { exact: true }).textContent()
    assert.match(line ?? '', /^<script src="http:.*\/widget\.js\?key=pk_[\w-]+" async><\/script>$/)
    await dialog.getByText(/^sk_/).waitFor()
    await dialog.getByRole('link', { name: 'Go to the client' }).click()
    await page.getByRole('heading', { name: 'Blue Bakery', level: 1 }).waitFor()
    assert.equal(
      await page.getByLabel('Sites that may show the widget').inputValue(),
      'https://bakery.example',
    )
    await breaksNoRule(page.mainFrame(), 'general')
  })

  it('dresses the widget, which is shown as it would be before it is saved', async () => {
    await tab('Widget').click()
    const preview = page.frameLocator('iframe')
    await page.getByLabel('Greeting').fill('Warm bread since 1912.')
    await preview.getByText('Warm bread since 1912.').waitFor()
    await breaksNoRule(page.mainFrame(), 'look')
    await page.getByRole('button', { name: 'Save' }).click()
    await saved('Saved. Pages show it within a minute.')
    await page.getByRole('button', { name: 'Undo' }).click()
    await saved('Undone')
    assert.equal(await page.getByLabel('Greeting').inputValue(), '')
  })

  it('breaks no rule of axe on the other pages', async () => {
    for (const name of ['AI', 'Identity', 'Secret keys', 'Plan & retention', 'Install']) {
      await tab(name).click()
      await page.locator('section h2').first().waitFor()
      await breaksNoRule(page.mainFrame(), name)
    }
    for (const name of ['People', 'Audit log']) {
      await page.getByRole('navigation', { name: 'Menu' }).getByRole('link', { name }).click()
      await page.getByRole('heading', { name, level: 1 }).waitFor()
      await page.getByRole('listitem').first().waitFor()
      await breaksNoRule(page.mainFrame(), name)
    }
    await page.getByText('client.created').first().waitFor()
  })

  it('holds a conversation, hands its visitor’s data over and erases it, with receipts that are found', async () => {
    const { database } = app.place
    const [conversation] = await makeConversations(database, await demoClient(database), 1)
    const [visitor] = await database.run<{ id: string }>(
      {
        name: 'test/visitor-of',
        text: 'SELECT visitor_id AS id FROM sessions s JOIN conversations c ON c.session_id = s.id WHERE c.id = $1',
      },
      [conversation],
    )
    const receipts = page.locator('section', { hasText: 'Proof of each' })
    const dialog = page.getByRole('dialog')
    const erase = async () => {
      await page.getByRole('button', { name: 'Erase this visitor' }).click()
      await page.getByRole('alertdialog').getByRole('button', { name: 'Erase this visitor' }).click()
    }
    const menu = (name: string) =>
      page.getByRole('navigation', { name: 'Menu' }).getByRole('link', { name }).click()
    const open = () => page.goto(`${app.url}/dashboard/conversations/${conversation!}`)
    await open()
    await page.getByRole('button', { name: 'Hold' }).click()
    await dialog.getByLabel('Why').fill('Claim 2026-117')
    await dialog.getByRole('button', { name: 'Hold' }).click()
    await saved('The conversation is held.')
    await erase()
    await page
      .getByText(/legal hold/)
      .first()
      .waitFor()
    await page.keyboard.press('Escape')

    await menu('Retention')
    await page.getByText('Nobody was erased or exported yet.').waitFor()
    await page
      .getByRole('listitem')
      .filter({ hasText: 'Claim 2026-117' })
      .getByRole('button', { name: 'Release' })
      .click()
    await saved('Released')
    await page.getByText('No conversation is held.').waitFor()

    await open()
    const download = page.waitForEvent('download')
    await page.getByRole('button', { name: 'Export all of this visitor' }).click()
    const lines = await readFile(await (await download).path(), 'utf8')
    assert.match(lines, /My code is [^]*"receipt"/)
    await erase()
    await saved('rows are gone')

    await menu('Retention')
    const find = page.getByRole('searchbox', { name: 'Find by a visitor’s id' })
    await receipts.getByText('Exported', { exact: true }).waitFor()
    await receipts.getByText('Erased', { exact: true }).waitFor()
    await breaksNoRule(page.mainFrame(), 'Retention')
    await find.fill(randomUUID())
    await page.getByText('This visitor was neither erased nor exported.').waitFor()
    await find.fill(visitor!.id)
    await receipts.getByText('Erased', { exact: true }).waitFor()
    assert.ok(!(await receipts.textContent())!.includes(visitor!.id))
  })
})
