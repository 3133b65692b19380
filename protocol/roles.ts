/** The people of a business, those who may do least first: each may do what those before may. */
export const ADMIN_ROLES = ['analyst', 'agent', 'admin', 'owner'] as const
export type AdminRole = (typeof ADMIN_ROLES)[number]

/** Whether somebody with this role may do what needs `least`. */
export function isAtLeast(role: AdminRole, least: AdminRole): boolean {
  return ADMIN_ROLES.indexOf(role) >= ADMIN_ROLES.indexOf(least)
}
