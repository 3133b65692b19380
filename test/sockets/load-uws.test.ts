import assert from 'node:assert/strict'
import { describeLoadFailure } from '../../sockets/engine/load-uws.ts'

const LISTS = 'This version of uWS.js supports only Node.js versions 16, 18, 20 and 22 on (glibc) Linux.\n\n'

describe('uWebSockets.js that does not load', () => {
  it('says of an old glibc which one it needs, although it begins with something else', () => {
    const loaders =
      "Error: /lib/x86_64-linux-gnu/libc.so.6: version `GLIBC_2.38' not found (required by /app/uws_linux_x64_127.node)"
    assert.match(
      describeLoadFailure(new Error(LISTS + loaders)),
      /^its binary for Node \d+ on \w+ \w+ needs glibc 2\.38, and this system has an older one$/,
    )
  })

  it('says that there is no binary, or none of it at all', () => {
    const missing = "Error: Cannot find module './uws_linux_x64_999.node'\nRequire stack:\n- /app/uws.js"
    assert.match(describeLoadFailure(new Error(LISTS + missing)), /^it has no binary for Node \d+ on /)
    const absent = "Cannot find module 'uWebSockets.js'\nRequire stack:\n- /app/load-uws.js"
    assert.equal(describeLoadFailure(new Error(absent)), 'it is not installed')
  })

  it('says what the loader said of anything else', () => {
    const musl = 'Error: Error loading shared library ld-linux-x86-64.so.2: No such file or directory'
    assert.equal(describeLoadFailure(new Error(LISTS + musl)), musl)
    assert.equal(describeLoadFailure(new Error('broken')), 'broken')
  })
})
