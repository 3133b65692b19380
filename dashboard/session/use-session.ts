import { getContext, setContext } from 'svelte'
import { isAtLeast, type AdminRole } from '../../protocol/roles.ts'
import type { Session } from './session.svelte.ts'

const KEY = Symbol('session')

export function provideSession(session: Session): void {
  setContext(KEY, session)
}

/** While a component is made. */
export function useSession(): Session {
  return getContext<Session>(KEY)
}

/** Whether who is signed in may do what needs this role; `of`: and belongs to the installation. */
export function mayDo({ person }: Session, least: AdminRole, of?: 'installation'): boolean {
  if (!person || !isAtLeast(person.role, least)) return false
  return of === undefined || person.client_id === null
}
