import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { createWebhookSecret } from '../../server/tools/n8n/sign.ts'
import { startSmallN8n } from './small-n8n.ts'
import { FOLDER, readWorkflow, type NAMES } from './workflow-file.ts'

const run = promisify(execFile)

describe('What the workflows come with to try them', () => {
  const secret = createWebhookSecret()
  let shop: Server
  before(async () => {
    const url = new URL('../../n8n-workflows/shop.mjs', import.meta.url).href
    const { createShop } = (await import(url)) as { createShop: () => Server }
    shop = createShop()
    await new Promise<void>((resolve) => shop.listen(0, '127.0.0.1', resolve))
  })
  after((done) => {
    shop.close(done)
    shop.closeAllConnections()
  })

  /** What the script prints of a call, signed with `by`. */
  async function call(name: (typeof NAMES)[number], given: object, by = secret) {
    const { port } = shop.address() as AddressInfo
    const env = { PARLOR_WEBHOOK_SECRET: secret, SHOP_URL: `http://127.0.0.1:${port}` }
    const n8n = await startSmallN8n(readWorkflow(name), { env })
    const parameters = [join(FOLDER, 'call.sh'), `${n8n.url}/${name}`, JSON.stringify(given)]
    const { stdout } = await run('sh', parameters, { env: { ...process.env, PARLOR_WEBHOOK_SECRET: by } })
    await n8n.close()
    return stdout
  }

  it('is a script that signs as Parlor does, with bytes of any kind', async () => {
    const told = await call('get_product_info', { product: 'tent' })
    assert.match(told, /^HTTP\/1\.1 200 [^]*"Lantern two-person tent"/)
    assert.match(await call('get_product_info', { product: 'אוהל' }), /There is no product \\?"אוהל/)
    assert.match(await call('get_product_info', {}, createWebhookSecret()), /^HTTP\/1\.1 401 /)
  })

  it('is a shop that answers what they ask for', async () => {
    assert.match(await call('get_order_status', { order: '1001' }), /"number":"1001"/)
    assert.match(await call('get_order_status', { order: '1' }), /There is no order 1\./)
    assert.match(await call('check_inventory', { product: 'jacket', size: 'm' }), /"in_stock":\["M"\]/)
  })
})
