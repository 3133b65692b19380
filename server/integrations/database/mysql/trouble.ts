import type { Trouble } from '../engine.ts'

/** What an error of MySQL or MariaDB means. https://dev.mysql.com/doc/mysql-errors/8.4/en/server-error-reference.html */
export function trouble(error: unknown): Trouble | null {
  const { errno, code = '', sqlMessage } = error as { errno?: number; code?: string; sqlMessage?: string }
  if (errno === undefined || !code.startsWith('ER_')) return null
  const known = BY_NUMBER.get(errno)
  if (known) return known
  const detail = sqlMessage === undefined ? {} : { detail: sqlMessage }
  return { ...(ABOUT_ARGUMENTS.has(errno) ? ARGUMENT : QUESTION), ...detail }
}

const NOT_LET_IN: Trouble = {
  problem: 'unauthorized',
  message: 'It does not let us in: the user or the password is wrong, or may not come from here.',
}
const NO_DATABASE: Trouble = {
  problem: 'unauthorized',
  message: 'There is no such database on that server, or the user may not use it.',
}
const FORBIDDEN: Trouble = { problem: 'forbidden', message: 'The user may not read what is asked for.' }
const BUSY: Trouble = { problem: 'unavailable', message: 'It is busy or restarting. Try again in a moment.' }
const HELD: Trouble = {
  problem: 'unavailable',
  message: 'Somebody else holds what is asked for. Try again in a moment.',
}
const TOO_LONG: Trouble = { problem: 'timeout', message: 'It took too long, and was given up.' }
const WRITES: Trouble = {
  problem: 'rejected',
  message: 'The question would change something, and may only read.',
}
const ARGUMENT: Trouble = {
  problem: 'rejected',
  message: 'An argument is none that the database can take there.',
}
const QUESTION: Trouble = {
  problem: 'rejected',
  message: 'The question does not fit the database as it is set up there.',
}

const BY_NUMBER = new Map<number, Trouble>([
  ...[1045, 1130, 1251, 1275, 1698, 1862, 3118].map((one) => [one, NOT_LET_IN] as const),
  ...[1044, 1049].map((one) => [one, NO_DATABASE] as const),
  ...[1142, 1143, 1227, 1370].map((one) => [one, FORBIDDEN] as const),
  ...[1040, 1053, 1203, 1226, 1041].map((one) => [one, BUSY] as const),
  ...[1205, 1213].map((one) => [one, HELD] as const),
  ...[1317, 1969, 3024].map((one) => [one, TOO_LONG] as const),
  ...[1792, 1290].map((one) => [one, WRITES] as const),
])

/** Out of range, wrong value, wrong date, characters that do not exist. */
const ABOUT_ARGUMENTS = new Set([1264, 1292, 1366, 1411, 1525, 1690, 1210])
