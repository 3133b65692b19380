import { SYSTEM, type Actor } from '../../../models/actor.ts'
import type { Admin } from '../../../models/admin.ts'
import { refuse, type Result } from '../../../protocol/result.ts'
import { isAtLeast, type AdminRole } from '../../../protocol/roles.ts'

/** Who keeps the people who sign in: whoever commands the machine, who may do everything, or one of these people. */
export interface Keeper {
  /** Null: whoever commands the machine. */
  person: { id: string } | null
  by: Actor
}

export const MACHINE: Keeper = { person: null, by: SYSTEM }

/** What is to be done to somebody, or whom there is to be. */
export interface Wish {
  /** The client that somebody works for; null: the installation. */
  client_id: string | null
  /** Every role that somebody has, or is to have. */
  roles: readonly AdminRole[]
}

/**
 * Why a person may not: null where it may. People keep those of their own client, the installation's own those of every
 * client. Nobody keeps those whose role is above their own, nor gives such a role. Others are not found.
 */
export function judge(keeper: Admin, { client_id, roles }: Wish): Result<never> | null {
  if (keeper.isDisabled) return refuse('unauthorized')
  if (keeper.client_id !== null && keeper.client_id !== client_id) return refuse('not_found', NOBODY)
  const mayAll = isAtLeast(keeper.role, 'admin') && roles.every((role) => isAtLeast(keeper.role, role))
  return mayAll ? null : refuse('role_insufficient')
}

export const NOBODY = 'There is no such person.'
