import assert from 'node:assert/strict'
import type { Browser, Page } from 'playwright-core'
import { startApp, type TestApp } from '../support/app.ts'
import { cheapPasswords, makeAdmin, PASSWORD } from '../support/admins.ts'
import { breaksNoRule } from '../support/axe.ts'
import { launchBrowser, PAGE_PATIENCE } from '../support/browser.ts'

describe("The dashboard's shell", () => {
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
    await page.goto(`${app.url}/dashboard/account`)
    await page.getByLabel('E-mail').fill(email)
    await page.getByLabel('Password').fill(PASSWORD)
    await page.getByRole('button', { name: 'Sign in' }).click()
    await heading('Your account')
  })
  after(async () => {
    await browser.close()
    await app.close()
  })

  const heading = (name: string) => page.getByRole('heading', { name, level: 1 }).waitFor()
  const currentOf = (navigation: string) =>
    page.getByRole('navigation', { name: navigation }).locator('[aria-current=page]').textContent()

  it('changes the name by which somebody is known', async () => {
    await page.getByText('This browser').waitFor()
    await breaksNoRule(page.mainFrame(), 'account')
    await page.getByLabel('Name', { exact: true }).fill('Noa')
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByRole('navigation', { name: 'Menu' }).getByText('Noa').waitFor()
  })

  it('goes to places by two keys, searches by one, and lists its keys', async () => {
    await page.locator('main').focus()
    await page.keyboard.press('g')
    await page.keyboard.press('b')
    await heading('Clients')
    assert.equal((await currentOf('Menu'))?.trim(), 'Clients')
    await page.keyboard.press('/')
    await page.locator('[data-search]:focus').waitFor()
    await page.locator('main').focus()
    await page.keyboard.press('?')
    await page.getByRole('dialog', { name: 'Keyboard shortcuts' }).getByText('Go to Overview').waitFor()
    await page.keyboard.press('Escape')
  })

  it('finds a client in the palette, and marks the tab where it arrives', async () => {
    await page.keyboard.press('Control+k')
    await page.getByPlaceholder('Type a page, a client or a command').fill('acme')
    await page.getByRole('option', { name: 'Acme Outfitters' }).waitFor()
    await breaksNoRule(page.mainFrame(), 'palette')
    await page.keyboard.press('Enter')
    await heading('Acme Outfitters')
    await page.getByRole('link', { name: 'Hours & people' }).click()
    await page.getByRole('heading', { name: 'When people answer' }).waitFor()
    assert.equal(await currentOf('Sections'), 'Hours & people')
    await page.getByRole('switch', { name: 'At these hours' }).click()
    await page.getByRole('button', { name: 'Add hours on Monday' }).click()
    await breaksNoRule(page.mainFrame(), 'hours')
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByText('Saved. The next answer heeds it.').waitFor()
  })

  it('has all its places within reach of a phone', async () => {
    await page.setViewportSize({ width: 390, height: 844 })
    const bar = page.getByRole('navigation', { name: 'Menu' })
    assert.equal(await bar.getByRole('link').count(), 4)
    await breaksNoRule(page.mainFrame(), 'phone')
    await bar.getByRole('button', { name: 'More' }).click()
    await page.getByRole('menuitem', { name: 'Audit log' }).click()
    await heading('Audit log')
    const overhang = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
    assert.equal(overhang, 0)
  })

  it('ends all sign-ins of a person, who is asked first', async () => {
    await page.getByRole('button', { name: 'More' }).click()
    await page.getByRole('menuitem', { name: 'Your account' }).click()
    await page.getByRole('button', { name: 'Sign out everywhere' }).click()
    const asked = page.getByRole('alertdialog')
    await asked.getByRole('button', { name: 'Sign out everywhere' }).click()
    await page.getByRole('button', { name: 'Sign in' }).waitFor()
    const status = await page.evaluate(
      async () => (await fetch('/api/admin/refresh', { method: 'POST' })).status,
    )
    assert.equal(status, 401)
  })
})
