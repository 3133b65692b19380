import type { IntegrationKind, KindParts } from './kind.ts'

/** Makes every kind of system that clients can connect. */
export type MakeKind = (parts: KindParts) => IntegrationKind

/** Every kind there is, in the order in which they are told. */
export const KINDS: readonly MakeKind[] = []
