// A call that came before gets the answer that it got then. While there is none, nobody knows whether it was booked.
const { first, status, answer } = $input.first().json
return [{ json: tell() }]

function tell() {
  if (first === undefined) return refuse(503, 'The list of calls cannot be reached. Nothing was booked.')
  if (status === null) return refuse(500, 'This booking was begun before, and its outcome is not known yet.')
  return { status, answer }
}

function refuse(status, error) {
  return { status, answer: { error } }
}
