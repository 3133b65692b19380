import { QueryTypes } from 'sequelize'
import { isMadeMeanwhile } from './database-fault.ts'
import type { Database } from './database.ts'
import type { Logger } from './logger.ts'

const DAYS_AHEAD = 14
const EVERY_MS = 60 * 60 * 1_000
/** Attaching waits for others who change the table; those who write to it do not wait for it. */
const LOCK_TIMEOUT_MS = 5_000

interface Day {
  name: string
  begins: string
  ends: string
}

/**
 * Makes the daily partitions of `messages` that are missing, from yesterday to `daysAhead` days ahead, by the UTC
 * days of the database's clock, named `messages_YYYYMMDD`. Any number of nodes may do it at once. Returns the
 * names of those made here.
 */
export async function ensureMessagePartitions(database: Database, daysAhead = DAYS_AHEAD): Promise<string[]> {
  const made: string[] = []
  for (const day of await findMissing(database, daysAhead)) {
    if (await make(database, day)) made.push(day.name)
  }
  return made
}

/** The names of those that are missing, from yesterday to `daysAhead` days ahead. Changes nothing. */
export async function missingMessagePartitions(database: Database, daysAhead: number): Promise<string[]> {
  return (await findMissing(database, daysAhead)).map(({ name }) => name)
}

/** Makes the partitions now and then hourly. A failure later is logged: there are days left to mend it. */
export async function keepMessagePartitions(database: Database, log: Logger): Promise<{ stop(): void }> {
  await ensureMessagePartitions(database)
  const timer = setInterval(() => {
    ensureMessagePartitions(database).catch((error: unknown) => {
      log.error({ err: error }, 'The partitions of the coming days could not be made')
    })
  }, EVERY_MS)
  timer.unref()
  return { stop: () => clearInterval(timer) }
}

function findMissing(database: Database, daysAhead: number): Promise<Day[]> {
  return database.sequelize.query<Day>(
    `SELECT to_char(day, '"messages_"YYYYMMDD') AS name,
            to_char(day, 'YYYY-MM-DD"T00:00:00Z"') AS begins,
            to_char(day + 1, 'YYYY-MM-DD"T00:00:00Z"') AS ends
     FROM (SELECT (clock_timestamp() AT TIME ZONE 'UTC')::date + n AS day
           FROM generate_series(-1, $1::int) AS n) AS days
     WHERE to_regclass(to_char(day, '"messages_"YYYYMMDD')) IS NULL
     ORDER BY day`,
    { bind: [daysAhead], type: QueryTypes.SELECT },
  )
}

/** ATTACH takes a weaker lock than CREATE TABLE ... PARTITION OF, under which messages are still written. */
async function make(database: Database, { name, begins, ends }: Day): Promise<boolean> {
  try {
    await database.transaction(async (transaction) => {
      const sql = `
        SET LOCAL lock_timeout = ${LOCK_TIMEOUT_MS};
        CREATE TABLE ${name} (LIKE messages INCLUDING DEFAULTS INCLUDING CONSTRAINTS);
        ALTER TABLE messages ATTACH PARTITION ${name} FOR VALUES FROM ('${begins}') TO ('${ends}');`
      await database.sequelize.query(sql, { raw: true, transaction })
    })
    return true
  } catch (error) {
    if (isMadeMeanwhile(error)) return false
    throw error
  }
}
