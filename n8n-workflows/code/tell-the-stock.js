// Says of the products that fit whether they can be had, of five at most; in one size, where one was asked for.
const { statusCode, body } = $input.first().json
const { product, size } = $('Verify').first().json.arguments
return [{ json: tell() }]

function tell() {
  if (statusCode !== 200 || !Array.isArray(body.products))
    return refuse(502, 'The shop cannot be asked right now.')
  if (body.products.length === 0) return refuse(404, `There is no product "${product}".`)
  return { status: 200, answer: { products: body.products.slice(0, 5).map(stockOf) } }
}

function stockOf({ name, sizes = [] }) {
  const asked = sizes.filter((one) => size === undefined || isSame(one.size, size))
  if (asked.length === 0) return { name, in_stock: [], made_in_sizes: sizes.map((one) => one.size) }
  return { name, in_stock: asked.filter(({ stock }) => stock > 0).map((one) => one.size) }
}

function isSame(one, other) {
  return String(one).toLowerCase() === other.toLowerCase()
}

function refuse(status, error) {
  return { status, answer: { error } }
}
