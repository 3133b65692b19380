import assert from 'node:assert/strict'
import type { Frame } from 'playwright-core'
import type { ChatPage } from '../support/browser-chat.ts'
import { setStage } from '../support/browser-stage.ts'
import { eventually } from '../support/eventually.ts'

/** Messages of the conversation, and rows at most that may be laid out at a time. */
const MESSAGES = 2_000
const IN_SIGHT = 80

describe('A history of 2,000 messages', () => {
  const stage = setStage()
  let chat: ChatPage
  let frame: Frame

  beforeEach(async () => {
    chat = await stage.visit()
    await chat.open()
    await chat.send('The very first')
    const call = await stage.model.calls.take()
    call.say('Welcome.')
    call.end()
    await chat.showsFinished('Welcome.')
    await fill((await chat.session()).session_id)
    await chat.page.reload()
    await chat.open()
    await chat.answerTexts.getByText(`number ${MESSAGES}.`).waitFor()
    frame = chat.page.frames().find((one) => one.url().includes('/frame'))!
  })

  it('comes page by page as one scrolls up, each row staying where it was; what is out of sight is neither laid out nor drawn again', async () => {
    await look('list.scrollTop = list.scrollHeight / 2')
    for (const top of [300, 0]) {
      const before = await look<Sight>(`(list.scrollTop = ${top}, sight())`)
      await eventually(async () => assert.ok((await look<number>('rows.children.length')) > before.rows))
      const after = await look<Sight>(`frame().then(frame).then(() => sight(${before.key}))`)
      assert.ok(Math.abs(after.top - before.top) < 2, `${before.top} became ${after.top}`)
    }
    const all = await look<{ rows: number; seen: number }>('toTheTop()')
    assert.equal(all.rows, MESSAGES)
    assert.ok(all.seen <= IN_SIGHT, `${all.seen} rows were laid out at a time`)
    assert.equal(await look('rows.firstElementChild.querySelector(".bubble").textContent'), 'The very first')
    await look('changes()')
    await chat.send('One more')
    const call = await stage.model.calls.take()
    call.say('Here.')
    call.end()
    await chat.answerTexts.getByText('Here.').waitFor()
    const { added, removed } = await look<{ added: number; removed: number }>('changes()')
    assert.ok(added <= 4 && removed <= 2, `${added} rows came and ${removed} went`)
  })

  interface Sight {
    rows: number
    key: number
    top: number
  }

  /** Runs a script in the chat, which knows its list and rows. */
  function look<T = unknown>(script: string): Promise<T> {
    return frame.evaluate<T>(`(async () => { ${TOOLS}; return await (${script}) })()`)
  }

  async function fill(session: string): Promise<void> {
    await stage.app.place.database.sequelize.query(
      `WITH conversation AS (
         UPDATE conversations SET last_seq = :most, message_count = :most WHERE session_id = :session RETURNING id
       )
       INSERT INTO messages (id, conversation_id, seq, role, content, "timestamp", answers_to, status)
       SELECT gen_random_uuid(), conversation.id, seq, CASE seq % 2 WHEN 1 THEN 'user' ELSE 'assistant' END,
              CASE seq % 2 WHEN 1 THEN 'Question ' || seq
                ELSE 'Answer with **' || repeat('some words ', seq % 40) || '**' || E'\\n\\n- a\\n- b\\n\\nnumber ' || seq || '.' END,
              now(), CASE seq % 2 WHEN 0 THEN seq - 1 END, CASE seq % 2 WHEN 0 THEN 'complete' END
       FROM conversation, generate_series(3, :most) AS seq`,
      { replacements: { session, most: MESSAGES } },
    )
  }
})

/** For scripts in the chat. A row is named by its number from the end, which does not change as others come above it. */
const TOOLS = `
  const list = document.querySelector('.list')
  const rows = document.querySelector('[data-testid=messages]')
  const frame = () => new Promise((resolve) => requestAnimationFrame(resolve))
  const sight = (key) => {
    const all = [...rows.children]
    const edge = list.getBoundingClientRect().top
    const at = key === undefined ? all.findIndex((row) => row.getBoundingClientRect().bottom > edge) : all.length - key
    return { rows: all.length, key: all.length - at, top: all[at].getBoundingClientRect().top }
  }
  const toTheTop = async () => {
    let seen = 0
    for (let count = 0; rows.children.length < ${MESSAGES} || list.scrollTop > 0; await frame()) {
      list.scrollTop -= 4_000
      if (rows.children.length === count) continue
      count = rows.children.length
      const shown = [...rows.children].filter((row) => row.firstElementChild.checkVisibility({ contentVisibilityAuto: true }))
      seen = Math.max(seen, shown.length)
    }
    return { rows: rows.children.length, seen }
  }
  const changes = () => {
    const found = window.found ?? { added: 0, removed: 0 }
    if (!window.found) new MutationObserver((all) => all.forEach(({ addedNodes, removedNodes }) => {
      found.added += [...addedNodes].filter((one) => one.nodeType === 1).length
      found.removed += [...removedNodes].filter((one) => one.nodeType === 1).length
    })).observe(rows, { childList: true })
    return window.found = found
  }`
