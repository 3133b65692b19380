import assert from 'node:assert/strict'
import { webhookHeaders } from '../../../server/tools/n8n/sign.ts'
import * as n8n from '../../support/stand-in-n8n.ts'
import { openToolShop, type ToolNode } from './stage.ts'
import { setToolStage } from './tool-stage.ts'

describe('A turn that acts', () => {
  let node: ToolNode
  const stage = setToolStage({
    answers: { '/find_order': n8n.json({ status: 'shipped' }), '/book': n8n.json({ booked: true }) },
    tools: {
      find_order: { set: { label: 'Looking up your order', custom_config: { shop: '${ENV} {{$env.KEY}}' } } },
      book: { set: { policy: 'write' } },
    },
  })
  beforeEach(async () => (node = await stage.start()))

  const executions = async () => {
    const [rows] = await stage.place.database.sequelize.query(
      `SELECT turn, step, call_id, tool_name, parameters, n8n_response, success, execution_time_ms FROM tool_executions
       WHERE client_id = $1 ORDER BY turn, step, call_id`,
      { bind: [stage.shop.visitor.client_id] },
    )
    return rows as Record<string, unknown>[]
  }
  const contents = (results: { content: string }[]) => results.map(({ content }) => content)

  it('calls a workflow with what the model gave, and answers with what it said', async () => {
    await node.send(stage.shop.visitor, 'Where is my order 1001?')
    const [result] = await node.calls(['find_order', { order: '1001' }])
    assert.equal(result?.content, '<result>\n{"status":"shipped"}\n</result>')
    await node.says('It is on its way.')

    const { text, headers } = await stage.standIn.calls.take()
    const body = JSON.parse(text) as Record<string, unknown>
    const { client_id, id: session_id } = stage.shop.visitor
    const key = String(body['idempotency_key'])
    assert.deepEqual(body, {
      ...{ tool: 'find_order', arguments: { order: '1001' }, config: { shop: '${ENV} {{$env.KEY}}' } },
      visitor: { user_id: null, verified: false },
      ...{ client_id, session_id, conversation_id: key.slice(0, 36), idempotency_key: key },
      callback_url: body['callback_url'],
    })
    assert.match(
      String(body['callback_url']),
      /^https:\/\/parlor\.example\/api\/v1\/callbacks\/[\da-f-]{36}$/,
    )
    assert.match(key, /^[\da-f-]{36}\.1\.0\.0$/)
    assert.equal(headers['idempotency-key'], key)
    const seconds = Number(headers['webhook-timestamp'])
    const signed = webhookHeaders({ id: key.replaceAll('.', '_'), seconds, body: text }, stage.shop.secret)
    assert.equal(headers['webhook-signature'], signed['webhook-signature'])
  })

  it('tells the visitor that something is at work, and who watches what it was asked and said', async () => {
    await node.send(stage.shop.visitor, 'Where is my order 1001?')
    await node.calls(['find_order', { order: '1001' }])
    await node.says('It is on its way.')
    const [start, end] = node.told.tools
    const { text } = await stage.standIn.calls.take()
    const { idempotency_key: call_id } = JSON.parse(text) as Record<string, unknown>
    const call = { turn: 1, call_id }
    assert.deepEqual(start, {
      event: 'tool:start',
      told: {
        seen: { ...call, name: 'find_order', label: 'Looking up your order' },
        arguments: { order: '1001' },
      },
    })
    const duration_ms = end && 'duration_ms' in end.told.seen ? end.told.seen.duration_ms : -1
    assert.ok(duration_ms >= 0)
    assert.deepEqual(end, {
      event: 'tool:end',
      told: { seen: { ...call, ok: true, duration_ms }, result: '{"status":"shipped"}' },
    })
  })

  it('writes down every call, with secrets masked', async () => {
    stage.standIn.on('/find_order', n8n.json({ status: 'shipped', api_key: 'hunter2' }))
    await node.send(stage.shop.visitor, 'Where is my order?')
    await node.calls(['find_order', { order: 'sk_live_0123456789abcdef' }], ['book', { order: 1 }])
    await node.says('Here.')
    const rows = await executions()
    const [found, refused] = rows.map(({ execution_time_ms: ms, ...row }) => {
      assert.ok(typeof ms === 'number' && ms >= 0)
      return row
    })
    assert.deepEqual(found, {
      ...{ turn: 1, step: 0, call_id: '0', tool_name: 'find_order', success: true },
      parameters: { order: '[hidden]' },
      n8n_response: { status: 200, kind: 'json', body: { status: 'shipped', api_key: '[hidden]' } },
    })
    assert.equal(refused?.['success'], false)
    assert.match(JSON.stringify(refused['n8n_response']), /\\"order\\" must be string/)
  })

  it('goes several steps, and several calls side by side', async () => {
    await node.send(stage.shop.visitor, 'Where are my orders, and can I come by?')
    const both = await node.calls(['find_order', { order: '1' }], ['find_order', { order: '2' }])
    assert.equal(both.length, 2)
    await node.calls(['find_order', { order: '3' }])
    const [booked] = await node.calls(['book', { order: '3' }])
    assert.match(booked?.content ?? '', /"booked":true/)
    await node.says('Done.')
    const keys = stage.standIn.calls.all
      .map(({ headers }) => String(headers['idempotency-key']).slice(37))
      .sort()
    assert.deepEqual(keys, ['1.0.0', '1.0.1', '1.1.0', '1.2.0'])
    assert.equal((await executions()).filter(({ success }) => success).length, 4)
  })

  it('tells the model what is wrong with its arguments, and calls nothing', async () => {
    await node.send(stage.shop.visitor, 'Where is my order?')
    const results = await node.calls(
      ['find_order', null],
      ['find_order', {}],
      ['find_order', { order: 1001 }],
      ['find_order', { order: '1', customer_id: '7' }],
      ['find_orders', { order: '1' }],
    )
    assert.ok(results.every(({ failed }) => failed))
    const [broken, missing, wrong, unknown, named] = contents(results)
    assert.match(broken ?? '', /no valid JSON object/)
    assert.match(missing ?? '', /must have required property 'order'/)
    assert.match(wrong ?? '', /"order" must be string/)
    assert.match(unknown ?? '', /may not have "customer_id"/)
    assert.match(named ?? '', /no function of this name/)
    await node.says('Which order?')
    assert.deepEqual([stage.standIn.calls.all.length, node.told.tools.length], [0, 0])
  })

  it('tells the model that a workflow failed, and that there is no result', async () => {
    stage.standIn.on('/find_order', n8n.WORKFLOW_BROKE)
    stage.standIn.on('/book', n8n.resetInBody)
    await node.send(stage.shop.visitor, 'Where is my order?')
    const results = await node.calls(['find_order', { order: '1' }], ['book', { order: '1' }])
    const [failed, halfway] = contents(results)
    assert.match(
      failed ?? '',
      /Error in workflow\. There is no result: tell the visitor .* do not make one up/,
    )
    assert.match(halfway ?? '', /connection broke .* Whether it took effect is not known/)
    await node.says('I am sorry.')
    const ended = node.told.tools.filter(({ event }) => event === 'tool:end')
    assert.ok(ended.every(({ told }) => 'ok' in told.seen && !told.seen.ok))
    assert.deepEqual(
      (await executions()).map(({ success }) => success),
      [false, false],
    )
  })

  it('says that slow work is in progress', async () => {
    stage.standIn.on('/book', n8n.json({ accepted: true }, 202))
    await node.send(stage.shop.visitor, 'Book it')
    const [result] = await node.calls(['book', { order: '1' }])
    assert.deepEqual([result?.failed, /in progress/.test(result?.content ?? '')], [false, true])
    await node.says('It is in progress.')
  })

  it('offers nothing to the model of a client without tools', async () => {
    const other = await openToolShop(stage.place.database, stage.standIn, {})
    await node.send(other.visitor, 'Hello')
    const call = await node.provider.calls.take()
    assert.deepEqual(call.request.tools, [])
    call.end({ text: 'Hi' })
  })

  it('calls nothing any more once the visitor has stopped it', async () => {
    stage.standIn.on('/find_order', n8n.silent)
    await node.send(stage.shop.visitor, 'Where is my order?')
    ;(await node.provider.calls.take()).end({
      stop: 'tools',
      calls: [{ id: 'c', name: 'find_order', arguments: { order: '1' } }],
    })
    await stage.standIn.calls.take()
    assert.ok((await node.heart.conversations.stop(stage.shop.visitor, { turn: 1 })).ok)
    const [{ message }] = await node.told.next('reply:end')
    assert.equal(message.status, 'stopped')
    const [row] = await executions()
    assert.equal(row?.['success'], null)
  })
})
