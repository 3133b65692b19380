// Words the result for Parlor and signs it as Parlor signs its calls, with the same secret.
const { createHmac } = require('crypto')

const { status, answer } = $('Tell the booking').first().json
const { idempotency_key } = $('Verify').first().json

const body = JSON.stringify(status < 400 ? { result: answer } : { error: answer.error })
const id = `${idempotency_key.split('.').join('_')}_result`
const seconds = Math.floor(Date.now() / 1000)
const key = Buffer.from($env.PARLOR_WEBHOOK_SECRET.slice('whsec_'.length), 'base64')
const signature = createHmac('sha256', key).update(`${id}.${seconds}.${body}`).digest('base64')
return [{ json: { body, id, seconds, signature: `v1,${signature}` } }]
