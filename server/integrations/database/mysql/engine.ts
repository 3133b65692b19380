import type { Engine } from '../engine.ts'
import { run, withConnection } from './connection.ts'
import { look } from './look.ts'
import { read } from './read.ts'
import { trouble } from './trouble.ts'

/** MySQL, from 5.7.8 on, and MariaDB, from 10.1 on. */
export const mysql: Engine = {
  dialect: 'mysql',
  trouble,

  /** One prepared statement, in a transaction that can only read, and that is never committed. */
  ask(link, login, { query, values }) {
    return withConnection(link, login, async (connection) => {
      await run(connection, 'START TRANSACTION READ ONLY')
      return read(connection, query.text, values)
    })
  },

  look: (link, login) => withConnection(link, login, look),
}
