import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { startApp, type TestApp } from '../support/app.ts'
import { cheapPasswords, makeAdmin, PASSWORD } from '../support/admins.ts'
import { breaksNoRule } from '../support/axe.ts'
import { launchBrowser, PAGE_PATIENCE, PHONE } from '../support/browser.ts'
import { eventually } from '../support/eventually.ts'
import { makeClient, makeSession } from '../support/factories.ts'

const CONVERSATIONS = 10_000
const MESSAGES = 5_000
/** Rows at most that may be in the page at a time. */
const IN_SIGHT = 80

describe('The conversations of the dashboard', () => {
  let app: TestApp
  let browser: Browser
  let longest: string
  let client: string
  let email: string

  before(async () => {
    app = await startApp({ passwords: cheapPasswords() })
    ;({ email } = await makeAdmin(app.place.database, { role: 'owner' }))
    client = (await makeClient(app.place.database, { name: 'Blue Bakery' })).id
    longest = await fill(app, client)
    browser = await launchBrowser()
  })
  after(async () => {
    await browser.close()
    await app.close()
  })

  async function open(path: string, options: BrowserContextOptions = {}): Promise<Page> {
    const context = await browser.newContext({ locale: 'en-GB', reducedMotion: 'reduce', ...options })
    context.setDefaultTimeout(PAGE_PATIENCE)
    const page = await context.newPage()
    await page.goto(`${app.url}/dashboard${path}`)
    await page.locator('input[type=email]').fill(email)
    await page.locator('input[type=password]').fill(PASSWORD)
    await page.keyboard.press('Enter')
    return page
  }

  it('are there in pages as one scrolls, no more of 10,000 in the page than are seen', async () => {
    const page = await open('/conversations')
    const list = page.getByRole('region', { name: 'Conversations' })
    await list.getByText('Question 10000').waitFor()
    await breaksNoRule(page.mainFrame(), 'the list')
    for (let read = 0; read < 5; read += 1) {
      const answered = page.waitForResponse((answer) => answer.url().includes('after='))
      await list.evaluate((one) => (one.scrollTop = one.scrollHeight))
      await answered
    }
    await eventually(async () => {
      await list.evaluate((one) => (one.scrollTop = one.scrollHeight))
      assert.ok(Number(await list.locator('li').last().getAttribute('aria-posinset')) > 250)
    })
    assert.ok((await list.locator('li').count()) <= IN_SIGHT)
    await page.context().close()
  })

  it('are found by what was said, and the address keeps what was asked', async () => {
    const page = await open('/conversations?state=ended')
    await page.getByRole('searchbox').fill('Question 77 ')
    const list = page.getByRole('region', { name: 'Conversations' })
    await page.waitForURL(/q=Question\+77/)
    await list.getByText('Question 77', { exact: false }).first().waitFor()
    await page.reload()
    await list.getByText('Question 77', { exact: false }).first().waitFor()
    assert.equal(await page.getByRole('searchbox').inputValue(), 'Question 77')
    await page.getByRole('searchbox').fill('nobody ever said this')
    await page.getByRole('heading', { name: 'Nothing fits' }).waitFor()
    await breaksNoRule(page.mainFrame(), 'nothing found')
    await page.getByRole('button', { name: 'Clear filters' }).first().click()
    await list.getByText('Question 10000').waitFor()
    assert.ok(!page.url().includes('?'))
    await page.keyboard.press('Escape')
    await page.locator('body').click({ position: { x: 2, y: 2 } })
    await page.keyboard.press('j')
    await page.keyboard.press('Enter')
    await page.waitForURL(/conversations\/[\da-f-]{36}/)
    await page.context().close()
  })

  it('show one of 5,000 messages from its end, and all before it as one scrolls up', async () => {
    const page = await open(`/conversations/${longest}`)
    const transcript = page.getByRole('region', { name: 'Transcript' })
    await transcript.getByText(`Answer ${MESSAGES}.`).waitFor()
    await transcript.getByText('search_products').last().click()
    await transcript.getByText('rain jacket').last().waitFor()
    for (const words of ['1,260 in, 24 out', '$0.0031', '410 ms', '2.5 sec'])
      assert.ok(await transcript.getByText(words).last().isVisible(), words)
    await breaksNoRule(page.mainFrame(), 'a transcript')
    await eventually(async () => {
      await transcript.evaluate((one) => (one.scrollTop = 0))
      const seqs = await transcript
        .locator('[data-seq]')
        .evaluateAll((all) => all.map((one) => Number(one.getAttribute('data-seq'))))
      assert.ok(Math.min(...seqs) < MESSAGES - 500)
    })
    assert.ok((await transcript.locator('li').count()) <= IN_SIGHT)
    await page.context().close()
  })

  it('are taken along as a file', async () => {
    const page = await open(`/conversations/${longest}`)
    await page.getByRole('button', { name: 'Export', exact: true }).click()
    const saved = page.waitForEvent('download')
    await page.getByRole('menuitem', { name: 'As CSV' }).click()
    const file = await saved
    assert.match(file.suggestedFilename(), /^conversations-\d{4}-\d\d-\d\d\.csv$/)
    const lines = readFileSync(await file.path(), 'utf8')
      .trim()
      .split('\n')
    assert.ok(lines.length > MESSAGES)
    await page.getByText('The file is saved').waitFor()
    await page.context().close()
  })

  it('are added up in charts, each with a table behind it', async () => {
    const page = await open('/overview?days=7')
    await page.getByRole('heading', { name: 'Tokens per day' }).waitFor()
    await page.locator('.chart svg').first().waitFor()
    await breaksNoRule(page.mainFrame(), 'charts')
    const models = page.getByRole('group', { name: 'Models: shown as' })
    await models.getByRole('button', { name: 'Table' }).click()
    await page.getByRole('row', { name: /claude-haiku-5-5/ }).waitFor()
    await breaksNoRule(page.mainFrame(), 'a table')
    await page.getByLabel('Time', { exact: true }).selectOption('90')
    assert.match(page.url(), /days=90/)
    await page.context().close()
  })

  it('are answered with replies that people keep ready', async () => {
    const page = await open(`/clients/${client}/replies`)
    await page.getByRole('button', { name: 'New reply' }).click()
    await page.getByLabel('Shortcut').fill('no blank')
    await page.getByText('Only letters').waitFor()
    await page.getByLabel('Shortcut').fill('hours')
    await page.getByLabel('Text').fill('We are open from nine to six.')
    await breaksNoRule(page.mainFrame(), 'a reply being written')
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByText('/hours').waitFor()
    await breaksNoRule(page.mainFrame(), 'replies')
    await page.getByRole('button', { name: 'Actions of /hours' }).click()
    await page.getByRole('menuitem', { name: 'Delete' }).click()
    await page.getByRole('button', { name: 'Undo' }).click()
    await page.getByText('/hours', { exact: true }).waitFor()
    await page.context().close()
  })

  it('break no rule on a phone, in the dark, in Hebrew', async () => {
    const page = await open(`/conversations/${longest}`, { ...PHONE, locale: 'he-IL', colorScheme: 'dark' })
    await page.getByText(`Answer ${MESSAGES}.`).waitFor()
    await breaksNoRule(page.mainFrame(), 'a transcript on a phone')
    await page.getByRole('link', { name: 'כל השיחות', exact: true }).click()
    await page.getByText('Question 10000').waitFor()
    await breaksNoRule(page.mainFrame(), 'the list on a phone')
    const wide = await page.evaluate(() => document.documentElement.scrollWidth > innerWidth)
    assert.equal(wide, false)
    await page.context().close()
  })
})

/** 10,000 conversations of two messages, and one of 5,000 whose id is given back. */
async function fill({ place: { database } }: TestApp, client: string): Promise<string> {
  const { id: session } = await makeSession(database, { id: client })
  const run = (text: string, replacements: Record<string, unknown>) =>
    database.sequelize.query(text, { replacements })
  const [[row]] = (await run(
    `WITH made AS (
       INSERT INTO conversations (id, client_id, session_id, state, started_at, ended_at, last_at, last_seq, message_count)
       SELECT gen_random_uuid(), :client, :session, 'ended', at, at, at, size, size FROM (
         SELECT now() - (:most - n) * interval '100 milliseconds' - interval '1 minute' AS at,
                CASE n WHEN 5000 THEN :long ELSE 2 END AS size
         FROM generate_series(1, :most) AS n
       ) AS each
       RETURNING id, started_at, message_count
     ), numbered AS (
       SELECT *, row_number() OVER (ORDER BY started_at) AS n FROM made
     ), said AS (
       INSERT INTO messages (id, conversation_id, seq, role, content, "timestamp", answers_to, status, turn)
       SELECT gen_random_uuid(), id, seq, CASE seq % 2 WHEN 1 THEN 'user' ELSE 'assistant' END,
              CASE WHEN message_count = 2 THEN 'Question ' || n || ' is this.'
                ELSE CASE seq % 2 WHEN 1 THEN 'Question' ELSE repeat('Some **words** ', seq % 40) || E'\n\n- a\n\nAnswer ' || seq || '.' END END,
              started_at, CASE seq % 2 WHEN 0 THEN seq - 1 END, CASE seq % 2 WHEN 0 THEN 'complete' END, CASE seq % 2 WHEN 0 THEN seq / 2 END
       FROM numbered, LATERAL generate_series(1, message_count) AS seq
     ), turned AS (
       INSERT INTO turns (conversation_id, number, attempt, state, epoch, after_seq, answers_to, message_seq, opened_at, ended_at,
                          provider, model, tokens_input, tokens_output, cost, first_token_ms, total_ms)
       SELECT id, number, 1, 'complete', 0, number * 2 - 2, number * 2 - 1, number * 2, started_at, started_at,
              'claude', 'claude-haiku-5-5', 1260, 24, 0.0031, 410, 2480
       FROM numbered, LATERAL generate_series(1, message_count / 2) AS number WHERE message_count > 2
     ), called AS (
       INSERT INTO tool_executions (client_id, conversation_id, turn, step, call_id, tool_name, parameters, n8n_response, success, execution_time_ms)
       SELECT :client, id, message_count / 2, 0, '0', 'search_products', '{"query": "rain jacket"}', '[]', true, 182
       FROM numbered WHERE message_count > 2
     )
     SELECT id FROM numbered WHERE message_count > 2`,
    { client, session, most: CONVERSATIONS, long: MESSAGES },
  )) as [[{ id: string }], unknown]
  await run(
    `INSERT INTO api_usage (client_id, date, conversation_count, message_count, tokens_input, tokens_output, cost_estimate)
     SELECT :client, current_date - back, 40 + back, 200 - back * 9, 50000, 1000, 0.5 FROM generate_series(0, 6) AS back`,
    { client },
  )
  await run(
    `INSERT INTO usage_by_model (client_id, date, provider, model, turns, tokens_input, tokens_output, cost_estimate)
     VALUES (:client, current_date, 'claude', 'claude-haiku-5-5', 90, 50000, 1000, 0.5)`,
    { client },
  )
  return row.id
}
