// Says what came of booking. Only 503 means that surely nothing was booked: under that, the same call may begin anew.
const { statusCode, body, error } = $input.first().json
const { service, date, time } = $('Verify').first().json.arguments
return [{ json: tell() }]

function tell() {
  if (wasNotReached(error)) return refuse(503, 'The calendar cannot be reached. Nothing was booked.')
  if (statusCode >= 200 && statusCode < 300)
    return { status: 200, answer: { booked: true, number: body.number, service, date, time } }
  if (statusCode >= 400 && statusCode < 500)
    return refuse(statusCode, body.error || 'The calendar refuses this appointment.')
  return refuse(500, 'The calendar did not say whether it was booked.')
}

/** No byte was sent: the name was not found, or nobody listened. */
function wasNotReached(error) {
  return error !== undefined && ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN'].includes(error.code)
}

function refuse(status, error) {
  return { status, answer: { error } }
}
