import assert from 'node:assert/strict'
import { after, before, describe, it } from 'mocha'
import { defineModels } from '../../models/index.ts'
import type { AiTold } from '../../protocol/client-ai.ts'
import type { IdentitySecretIssued, IdentityTried } from '../../protocol/client-identity.ts'
import type { TermsTold } from '../../protocol/client-terms.ts'
import type { SnippetTold, WidgetPreview, WidgetTold } from '../../protocol/client-widget.ts'
import type { WidgetConfig } from '../../protocol/rest.ts'
import { SignJWT } from 'jose'
import { startApp, type TestApp } from '../support/app.ts'
import { addPerson, demoClient, JWT_SECRET, type KeptPerson } from '../support/person.ts'

describe('What is set of a client, over HTTP', () => {
  let app: TestApp
  let demo: { id: string }
  let admin: KeptPerson
  before(async function () {
    this.timeout(60_000)
    app = await startApp({ env: { JWT_SECRET } })
    demo = await demoClient(app.place.database)
    admin = await addPerson(app.place.database, { client: demo, role: 'admin' })
  })
  after(() => app.close())

  async function ask<T>(method: string, path: string, body?: object, by = admin): Promise<T> {
    const answer = await fetch(`${app.url}/api/admin/clients/${demo.id}${path}`, {
      ...{ method, headers: { authorization: `Bearer ${by.token}` } },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
    return (await answer.json()) as T
  }
  const codeOf = async (method: string, path: string, body?: object, by = admin) =>
    (await ask<{ code?: string }>(method, path, body, by)).code ?? 'ok'
  const lastEntry = async (action: string) => {
    const { AuditEntry } = defineModels(app.place.database.sequelize)
    return AuditEntry.findOne({ where: { action }, order: [['id', 'DESC']], rejectOnEmpty: true })
  }

  it('is how the AI works: read, changed part by part, with hours as they stand now', async () => {
    const hours = { week: {}, exceptions: { '2000-01-01': [] } }
    const changes = { tone: 'formal', time_zone: 'Asia/Jerusalem', hours, handoff: { wait_minutes: 10 } }
    const changed = await ask<AiTold>('PATCH', '/ai', changes)
    assert.deepEqual(changed.opening, { time_zone: 'Asia/Jerusalem', open: false, opens_at: null })
    assert.deepEqual(changed.settings.handoff, { wait_minutes: 10 })
    const back = await ask<AiTold>('PATCH', '/ai', {
      tone: null,
      hours: null,
      handoff: { wait_minutes: null },
    })
    assert.deepEqual([back.settings.tone, back.opening.open], [undefined, true])
    assert.deepEqual(await ask('GET', '/ai'), back)
    const entry = await lastEntry('client.ai_changed')
    assert.deepEqual([entry.actor_id, entry.client_id], [admin.id, demo.id])
    for (const wrong of [
      {},
      { tone: ' ' },
      { mood: 'x' },
      { provider: 'nobody' },
      { handoff: { offered: 1 } },
    ])
      assert.equal(await codeOf('PATCH', '/ai', wrong), 'invalid_payload', JSON.stringify(wrong))
  })

  it('is what the AI may tell of the business', async () => {
    const { business } = await ask<AiTold>('PATCH', '/business', { phone: '03-5550100', website: null })
    assert.equal(business.phone, '03-5550100')
    assert.equal(business.website, undefined)
    assert.equal(await codeOf('PATCH', '/business', { timezone: 'UTC' }), 'invalid_payload')
  })

  it('is how the widget looks, which visitors are shown and a preview is not', async () => {
    const changed = await ask<WidgetTold>('PATCH', '/widget', {
      color: '#0f766e',
      features: { rating: false },
    })
    assert.deepEqual([changed.settings.color, changed.shown.features.rating], ['#0f766e', false])
    const preview = await ask<WidgetPreview>('POST', '/widget/preview', {
      color: '#aa0000',
      agent_name: 'Lea',
    })
    assert.deepEqual(
      [preview.shown.branding.color, preview.shown.branding.agent_name, preview.shown.features.rating],
      ['#aa0000', 'Lea', false],
    )
    assert.deepEqual(await ask('GET', '/widget'), changed)
    const config = await fetch(`${app.url}/api/v1/config?client_api_key=pk_demo`)
    assert.deepEqual((await config.json()) as WidgetConfig, changed.shown)
    assert.equal((await lastEntry('client.widget_changed')).actor_id, admin.id)
    const analyst = await addPerson(app.place.database, { client: demo, role: 'analyst' })
    assert.equal(await codeOf('POST', '/widget/preview', { theme: 'dark' }, analyst), 'ok')
    assert.equal(await codeOf('POST', '/widget/preview', { logo_url: 'javascript:1' }), 'invalid_payload')
  })

  it('is what goes into its pages', async () => {
    const { snippet, origin } = await ask<SnippetTold>('GET', '/snippet?theme=dark&untouched=true')
    assert.equal(origin, new URL(app.url).origin)
    assert.ok(
      snippet.startsWith(`<script src="${origin}/widget.js?key=pk_demo" data-theme="dark" nowprocket`),
    )
  })

  it('is with which secret visitors prove who they are, told once, and tried', async () => {
    assert.equal(await codeOf('PATCH', '/identity', { required: true }), 'invalid_payload')
    const { secret } = await ask<IdentitySecretIssued>('POST', '/identity/secret')
    assert.deepEqual(await ask('GET', '/identity'), { has_secret: true, required: false })
    const sign = (key: string) =>
      new SignJWT({ sub: 'customer-7', name: 'Ada' })
        .setProtectedHeader({ alg: 'HS256' })
        .setExpirationTime('5m')
        .sign(Buffer.from(key))
    const identity_token = await sign(secret)
    const tried = await ask<IdentityTried>('POST', '/identity/try', { identity_token })
    assert.deepEqual(tried, { user_id: 'customer-7', name: 'Ada', email: null, attributes: {} })
    const forged = { identity_token: await sign('another secret of 32 characters!') }
    assert.equal(await codeOf('POST', '/identity/try', forged), 'identity_invalid')
    assert.deepEqual(await ask('PATCH', '/identity', { required: true }), {
      has_secret: true,
      required: true,
    })
    await ask('POST', '/identity/secret')
    assert.equal(await codeOf('POST', '/identity/try', { identity_token }), 'identity_invalid')
    const entry = await lastEntry('client.identity_secret_issued')
    assert.ok(entry.actor_id === admin.id && !JSON.stringify(entry.details).includes('is_'))
    await ask('PATCH', '/identity', { required: false })
  })

  it('is for how long its messages are kept, and by the installation alone what it pays for', async () => {
    const terms = await ask<TermsTold>('PATCH', '/retention', { messages_days: 7 })
    assert.deepEqual(terms.retention, { messages_days: 7, most_days: 30 })
    const owner = await addPerson(app.place.database, { client: null, role: 'owner' })
    const changed = await ask<TermsTold>('PATCH', '/plan', { plan_type: 'pro' }, owner)
    assert.deepEqual([changed.plan_type, changed.retention.messages_days], ['pro', 7])
    const { details } = await lastEntry('client.plan_changed')
    assert.deepEqual(details['after'], { plan_type: 'pro', messages_days: 7 })
    const all = await ask<TermsTold>('PATCH', '/retention', { messages_days: null })
    assert.equal(all.retention.messages_days, null)
    for (const wrong of [{ messages_days: 0 }, { messages_days: 30 }, {}])
      assert.equal(await codeOf('PATCH', '/retention', wrong), 'invalid_payload')
    assert.equal(await codeOf('PATCH', '/plan', { plan_type: 'gold' }, owner), 'invalid_payload')
  })
})
