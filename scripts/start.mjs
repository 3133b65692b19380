// npm start and npm run parlor: prepares what is missing, then becomes the server. Old syntax only, see below.
import { complainAboutNode } from './node-version.mjs'

var complaint = complainAboutNode()
if (complaint) {
  console.error(complaint)
  process.exit(1)
}
// Imported only now, since an old Node could not even read these files.
import('./prepare.mjs')
  .then(function (steps) {
    return steps.prepare()
  })
  .then(function () {
    endWithNpm()
    // In this very process, so that signals reach the server.
    return import('../dist/server/main.js')
  })
  .catch(function (error) {
    console.error(error.isTold ? error.message : error)
    process.exit(1)
  })

/** npm passes SIGTERM on to the shell between it and us, which dies of it without a word: we are left behind then. */
function endWithNpm() {
  if (!process.env.npm_lifecycle_event) return
  var parent = process.ppid
  setInterval(function () {
    if (process.ppid === parent) return
    parent = process.ppid
    process.kill(process.pid, 'SIGTERM')
  }, 250).unref()
}
