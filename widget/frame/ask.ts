import type { Result } from '../../protocol/result.ts'
import type { WidgetData, WidgetPayload, WidgetRequest } from '../../protocol/widget.ts'

/** Asks the server. Answers within 10 s; without a connection at once, `unavailable`. */
export type Ask = <R extends WidgetRequest>(
  name: R,
  payload: WidgetPayload<R>,
) => Promise<Result<WidgetData<R>>>
