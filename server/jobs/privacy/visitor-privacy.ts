import type { VisitorErased } from '../../../protocol/privacy.ts'
import type { Result } from '../../../protocol/result.ts'
import { eraseVisitor, type EraseParts } from './erase.ts'
import { exportVisitor, type ExportLine, type ExportParts } from './export.ts'
import type { Subject } from './receipts.ts'

/** What is done with all that is kept of a visitor, found through its client. */
export interface VisitorPrivacy {
  /** Null: this client has no such visitor. */
  export(subject: Subject, signal: AbortSignal): Promise<AsyncGenerator<ExportLine> | null>
  /** Refuses with `not_found` and `conversation_held`. */
  erase(subject: Subject, signal: AbortSignal): Promise<Result<VisitorErased>>
}

export function createVisitorPrivacy(parts: EraseParts & ExportParts): VisitorPrivacy {
  return {
    export: (subject, signal) => exportVisitor(parts, subject, signal),
    erase: (subject, signal) => eraseVisitor(parts, subject, signal),
  }
}
