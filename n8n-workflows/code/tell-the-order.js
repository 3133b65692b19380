// Says of an order what its buyer asks for, and nothing else of it: no name, no address.
const { statusCode, body } = $input.first().json
const { order } = $('Verify').first().json.arguments
return [{ json: tell() }]

function tell() {
  if (statusCode === 404) return refuse(404, `There is no order ${order}.`)
  if (statusCode !== 200 || typeof body !== 'object')
    return refuse(502, 'The shop cannot be asked right now.')
  const { number, status, placed_at, shipped_at, expected_at, carrier, tracking } = body
  return { status: 200, answer: { number, status, placed_at, shipped_at, expected_at, carrier, tracking } }
}

function refuse(status, error) {
  return { status, answer: { error } }
}
