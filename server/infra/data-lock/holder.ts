import { readFile, readlink } from 'node:fs/promises'
import { hostname } from 'node:os'

/** Who holds a lock, told so that another process can find out whether it still lives. */
export interface Holder {
  pid: number
  host: string
  /** Within one such name a pid means one process: the boot and the pid namespace on Linux, elsewhere the host. */
  machine: string
  /** When the process began, in ticks since the boot; tells a pid from its reuse. Null where it cannot be known. */
  began: string | null
}

/** `unknown`: only its heartbeat can tell. */
export type Life = 'alive' | 'dead' | 'unknown'

/** This process, as others will see it. */
export async function describeSelf(): Promise<Holder> {
  return {
    pid: process.pid,
    host: hostname(),
    machine: await nameMachine(),
    began: (await readProcess(process.pid))?.began ?? null,
  }
}

/** Whether the holder still lives, as seen by `self`. */
export async function judge(holder: Holder, self: Holder): Promise<Life> {
  if (holder.machine !== self.machine) return 'unknown'
  if (!isRunning(holder.pid)) return 'dead'
  if (holder.began === null) return 'unknown'
  const running = await readProcess(holder.pid)
  if (running === null) return 'unknown'
  return running.began === holder.began && !running.ended ? 'alive' : 'dead'
}

/** Reads what a lock file says; null when it is not whole (its writer may be at it, or have died at it). */
export function parseHolder(text: string): Holder | null {
  try {
    const value = JSON.parse(text) as Partial<Holder> | null
    const { pid, host, machine, began = null } = value ?? {}
    if (typeof pid !== 'number' || typeof host !== 'string' || typeof machine !== 'string') return null
    return { pid, host, machine, began }
  } catch {
    return null
  }
}

/** Containers all have a process 1, each in a pid namespace of its own; a boot makes all older pids void. */
async function nameMachine(): Promise<string> {
  try {
    const boot = await readFile('/proc/sys/kernel/random/boot_id', 'utf8')
    return `${boot.trim()} ${await readlink('/proc/self/ns/pid')}`
  } catch {
    return hostname()
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

/** State and begin of a process from Linux's `/proc/PID/stat` (proc(5), fields 3 and 22); null elsewhere. */
async function readProcess(pid: number): Promise<{ began: string; ended: boolean } | null> {
  try {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8')
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    const [state, began] = [fields[0], fields[19]]
    return began === undefined ? null : { began, ended: state === 'Z' || state === 'X' }
  } catch {
    return null
  }
}
