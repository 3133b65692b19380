// Says of the products that fit what a buyer wants to know, of five at most.
const { statusCode, body } = $input.first().json
const { product } = $('Verify').first().json.arguments
return [{ json: tell() }]

function tell() {
  if (statusCode !== 200 || !Array.isArray(body.products))
    return refuse(502, 'The shop cannot be asked right now.')
  if (body.products.length === 0) return refuse(404, `There is no product "${product}".`)
  const products = body.products
    .slice(0, 5)
    .map(({ name, price, currency, description, material, sizes }) => {
      return { name, price, currency, description, material, sizes: (sizes || []).map(({ size }) => size) }
    })
  return { status: 200, answer: { products } }
}

function refuse(status, error) {
  return { status, answer: { error } }
}
