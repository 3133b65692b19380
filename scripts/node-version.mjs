// Old syntax only: this must run on the very versions that it refuses.
var LEAST = [20, 19]

/** One line saying that this Node is too old, or null when it is not. */
export function complainAboutNode() {
  var parts = process.versions.node.split('.').map(Number)
  var enough = parts[0] > LEAST[0] || (parts[0] === LEAST[0] && parts[1] >= LEAST[1])
  if (enough) return null
  return 'Parlor needs Node ' + LEAST.join('.') + ' or newer; this is ' + process.versions.node + '.'
}
