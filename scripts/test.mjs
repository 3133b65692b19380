// npm test: prepares what is missing, checks, runs all suites on real services, and ends with a plain count.
import { complainAboutNode } from './node-version.mjs'

var complaint = complainAboutNode()
if (complaint) {
  console.error(complaint)
  process.exit(1)
}
// Imported only now, since an old Node could not even read these files.
import('./run-tests.mjs')
  .then(function (tests) {
    return tests.runTests()
  })
  .then(function (code) {
    process.exit(code)
  })
  .catch(function (error) {
    console.error(error.isTold ? error.message : error)
    process.exit(1)
  })
