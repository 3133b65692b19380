import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Browser, Page } from 'playwright-core'
import { cheapPasswords, makeAdmin, PASSWORD } from '../support/admins.ts'
import { startApp, type TestApp } from '../support/app.ts'
import { breaksNoRule } from '../support/axe.ts'
import { launchBrowser, PAGE_PATIENCE } from '../support/browser.ts'
import { ECHO, startMcpStandIn, type McpStandIn } from '../support/stand-in-mcp.ts'

describe('The dashboard, for what an AI may do and quote', () => {
  let app: TestApp
  let system: Server
  let mcp: McpStandIn
  let browser: Browser
  let page: Page
  let place: string
  let address: string

  before(async () => {
    system = createServer((_request, response) => {
      response.writeHead(200, { 'content-type': 'application/json' }).end('{"status":"shipped"}')
    }).listen(0, '127.0.0.1')
    await once(system, 'listening')
    const host = `127.0.0.1:${String((system.address() as AddressInfo).port)}`
    address = `http://${host}`
    mcp = await startMcpStandIn('both')
    mcp.tools = [ECHO]
    const env = { OUTBOUND_ALLOW: `${host},${mcp.hostAndPort}` }
    app = await startApp({ passwords: cheapPasswords(), env })
    browser = await launchBrowser()
    const { email } = await makeAdmin(app.place.database, { role: 'owner' })
    const context = await browser.newContext({ reducedMotion: 'reduce', locale: 'en-GB' })
    context.setDefaultTimeout(PAGE_PATIENCE)
    page = await context.newPage()
    await page.goto(`${app.url}/dashboard/clients`)
    await page.getByLabel('E-mail').fill(email)
    await page.getByLabel('Password').fill(PASSWORD)
    await page.getByRole('button', { name: 'Sign in' }).click()
    const shop = page.getByRole('link', { name: /Acme Outfitters/ })
    place = `${app.url}${(await shop.getAttribute('href'))?.replace('/general', '') ?? ''}`
  })
  after(async () => {
    await browser.close()
    await app.close()
    await mcp.close()
    system.close()
  })

  const button = (name: string | RegExp) => page.getByRole('button', { name, exact: true })
  const link = (name: string) => page.getByRole('link', { name, exact: true })
  const says = (text: string) => page.getByText(text).first().waitFor()
  const fitsRules = (state: string) => breaksNoRule(page.mainFrame(), state)

  it('judges the schema of a tool while it is written, by its line', async () => {
    await page.goto(`${app.url}/dashboard/catalogue`)
    await link('New tool').first().click()
    await page.getByLabel('Name').fill('order_state')
    await page.getByLabel('Description').fill('Tells where an order is.')
    await button('Add an argument').click()
    await page.getByLabel('Name').last().fill('order')
    await says('The schema is valid.')
    await fitsRules('a new tool')
    await button('JSON').click()
    const json = page.getByLabel('JSON Schema of the arguments')
    const whole = await json.inputValue()
    await json.fill(whole.replace('"type": "string"', '"typ": "string"'))
    await says('/properties/order/typ is a keyword that is not known here.')
    await says('Line 5:')
    await json.fill('{ "type": object }')
    await says('This is no value: texts stand in quotation marks.')
    await json.fill(whole)
    await says('The schema is valid.')
    await button('Save').click()
    await says('order_state is saved.')
    await link('New tool').first().waitFor()
    await fitsRules('the catalogue')
  })

  it('gives a tool to a client, tries it, shows the log, and switches it off and back', async () => {
    await page.goto(`${place}/tools?tool=new`)
    await page.getByRole('button', { name: /order_state/ }).click()
    await page.getByLabel('Address').fill(`${address}/hook`)
    await page.getByLabel('Only reads').check()
    await fitsRules('settings of a tool')
    await button('Save').click()
    await page
      .getByRole('dialog')
      .getByText(/^whsec_/)
      .waitFor()
    await button('Done').click()
    await link('Try it').click()
    await page.getByRole('textbox', { name: 'order' }).fill('1001')
    await button('Run').click()
    await says('It went well')
    await page.getByRole('region', { name: 'What the model reads' }).getByText('shipped').waitFor()
    await fitsRules('a test run')
    await link('Log').click()
    await says('{"order":"1001"}')
    await fitsRules('the log')
    await page.goto(`${place}/tools`)
    await page.getByRole('switch', { name: 'Enabled' }).click()
    await says('order_state is off.')
    await button('Undo').click()
    await says('order_state is on.')
    await page.locator('nav a[aria-current=page]', { hasText: 'Tools' }).waitFor()
    await fitsRules('the tools')
  })

  it('connects a system, tests it, defines what it is asked, and asks it', async () => {
    await page.goto(`${place}/integrations?integration=new`)
    await page.getByRole('button', { name: /HTTP API/ }).click()
    await page.getByLabel('Name', { exact: true }).fill('orders')
    await page.getByLabel('Address', { exact: true }).fill(address)
    await page.getByLabel(/How it is told/).selectOption('bearer')
    await page.getByLabel(/Path for tests/).fill('/ping')
    await fitsRules('a new system')
    await button('Connect').click()
    await page.getByLabel('Token').fill('top-secret')
    await button('Enter credentials').click()
    await says('Entered')
    await button('Test the connection').click()
    await says('It works')
    await fitsRules('a connection')
    await link('Functions').click()
    await link('Define a function').click()
    await page.getByLabel('Name', { exact: true }).fill('state')
    await page.getByLabel('Description').fill('Tells the state.')
    await page.getByLabel('Path').fill('/state')
    await says('The schema is valid.')
    await button('Save').click()
    await button('Run').click()
    await page.getByRole('region', { name: 'What the model reads' }).getByText('shipped').waitFor()
    await fitsRules('a function')
    await link('Recent calls').click()
    await page.getByRole('list', { name: 'Recent calls' }).getByText('state').waitFor()
    await fitsRules('recent calls')
  })

  it('connects an MCP server, and approves of a tool what was read', async () => {
    await page.goto(`${place}/mcp?server=new`)
    await page.getByLabel('Name').fill('echoes')
    await page.getByLabel('Address').fill(mcp.url)
    await fitsRules('a new server')
    await button('Connect a server').click()
    await button('Look now').click()
    await page.getByRole('link', { name: /echo/ }).last().click()
    await says('Says the same again.')
    await fitsRules('a tool to be approved')
    await button('Approve').click()
    await says('echo is approved.')
    await link('Tools').last().click()
    await page.getByRole('list', { name: 'In use' }).getByText('echo').first().waitFor()
    await fitsRules('a server')
  })

  it('writes a FAQ, takes a file, and tries a question', async () => {
    await page.goto(`${place}/knowledge`)
    await link('New FAQ').first().click()
    await page.getByLabel('Title').fill('Kayaks')
    await page.getByLabel('Question').fill('Can I rent a kayak overnight?')
    await page.getByLabel('Answer').fill('Yes, until ten in the morning.')
    await fitsRules('a new FAQ')
    await button('Save').click()
    await says('Kayaks is saved.')
    await page.locator('input[type=file]').setInputFiles({
      ...{ name: 'paddles.md', mimeType: 'text/markdown' },
      buffer: Buffer.from('# Paddles\n\nEvery kayak comes with two paddles.'),
    })
    await says('Added')
    await page.getByRole('link', { name: /Paddles/ }).waitFor()
    await fitsRules('the documents')
    await link('Try a question').click()
    await page.getByLabel('What would be found?').fill('rent a kayak overnight?')
    await button('Find').click()
    await page.getByRole('link', { name: 'Can I rent a kayak overnight?' }).click()
    await says('Yes, until ten in the morning.')
    await fitsRules('a document')
    await button('Delete').click()
    await page.getByRole('alertdialog').getByRole('button', { name: 'Delete' }).click()
    await says('Kayaks is deleted.')
  })
})
