import assert from 'node:assert/strict'
import { readConfig } from '../../server/config/config.ts'
import { ConfigError } from '../../server/config/fault.ts'

describe('OUTBOUND_ALLOW', () => {
  const read = (value?: string) =>
    readConfig({ SEED_DEMO: 'false', ...(value !== undefined && { OUTBOUND_ALLOW: value }) }).outbound.allow

  it('allows nothing private where it is unset', () => {
    assert.deepEqual(read(), [])
  })

  it('lists pairs of host and port, in the form in which a URL is understood', () => {
    assert.deepEqual(read('n8n.internal:5678, 127.0.0.1:80,[::1]:5678 ,N8N:443,2130706433:1'), [
      ...['n8n.internal:5678', '127.0.0.1:80', '[::1]:5678', 'n8n:443', '127.0.0.1:1'],
    ])
  })

  it('is a fault where one of them is no such pair', () => {
    for (const value of [
      'n8n',
      'n8n:',
      ':5678',
      'http://n8n:5678',
      'n8n:5678/x',
      'a@n8n:5678',
      '10.0.0.0/8',
      '*:80',
    ])
      assert.throws(() => read(`ok:1,${value}`), ConfigError, value)
    for (const value of ['n8n:99999', 'n8n:0x50', 'n 8n:80', 'a,,b'])
      assert.throws(() => read(value), ConfigError, value)
  })
})
