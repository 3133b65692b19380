// Lets through what Parlor has signed with the client's secret within the last five minutes: Standard Webhooks, over the
// body's bytes as they came. Everything else leaves with the answer that it gets.
const { createHmac, timingSafeEqual } = require('crypto')

const TOLERANCE_SECONDS = 300

const { headers } = $input.first().json
return this.helpers.getBinaryDataBuffer(0, 'data').then((body) => [{ json: judge(headers, body) }])

function judge(headers, body) {
  const secret = $env.PARLOR_WEBHOOK_SECRET || ''
  if (!secret.startsWith('whsec_')) return refuse(500, 'PARLOR_WEBHOOK_SECRET is not set where n8n runs.')
  const key = Buffer.from(secret.slice('whsec_'.length), 'base64')
  if (!isSigned(headers, body, key)) return refuse(401, 'The signature is missing or wrong.')
  const age = Math.abs(Date.now() / 1000 - Number(headers['webhook-timestamp']))
  if (!(age < TOLERANCE_SECONDS)) return refuse(401, 'The call is too old, or a clock is wrong.')
  return { ...JSON.parse(body.toString('utf8')), genuine: true }
}

/** While a secret is replaced by another, calls carry a signature by each. */
function isSigned(headers, body, key) {
  const signed = Buffer.concat([
    Buffer.from(`${headers['webhook-id']}.${headers['webhook-timestamp']}.`),
    body,
  ])
  const expected = createHmac('sha256', key).update(signed).digest()
  return String(headers['webhook-signature'])
    .split(' ')
    .some((one) => {
      const given = Buffer.from(one.replace('v1,', ''), 'base64')
      return given.length === expected.length && timingSafeEqual(given, expected)
    })
}

function refuse(status, error) {
  return { genuine: false, status, answer: { error } }
}
