/** Who did something, as the audit log names it: `system` is whoever commands the machine, or the server itself. */
export type Actor = { actor: 'admin'; actor_id: string } | { actor: 'system' }

export const SYSTEM: Actor = { actor: 'system' }
