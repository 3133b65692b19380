import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'

/** Ticks of a second in /proc: USER_HZ, which is 100 on every Linux that Node runs on. */
const TICKS = 100

/** CPU that a process has used so far, all its threads together, in seconds. */
export interface CpuTime {
  user: number
  system: number
}

/** Reads it from /proc/<pid>/stat (proc(5), fields 14 and 15); where there is no /proc, asks ps, which does not part the two. */
export function cpuTime(pid: number): CpuTime {
  const stat = readStat(pid)
  if (stat === null) return { user: askPs(pid), system: 0 }
  // The second field is the program's name in parentheses, and may hold anything.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return { user: Number(fields[11]) / TICKS, system: Number(fields[12]) / TICKS }
}

/** Resident memory of a process, in bytes; NaN where there is no /proc. */
export function residentMemory(pid: number): number {
  try {
    const [, pages = NaN] = readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ').map(Number)
    return pages * 4_096
  } catch {
    return NaN
  }
}

function readStat(pid: number): string | null {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8')
  } catch {
    return null
  }
}

/** `[[dd-]hh:]mm:ss.cc` */
function askPs(pid: number): number {
  const { stdout } = spawnSync('ps', ['-o', 'time=', '-p', String(pid)], { encoding: 'utf8' })
  const [days, time = ''] = stdout.includes('-') ? stdout.trim().split('-') : ['0', stdout.trim()]
  return time.split(':').reduce((seconds, part) => seconds * 60 + Number(part), 0) + Number(days) * 86_400
}
