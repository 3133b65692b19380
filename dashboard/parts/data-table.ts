import {
  createSortedRowModel,
  rowSortingFeature,
  sortFn_alphanumeric,
  sortFn_basic,
  tableFeatures,
  type ColumnDef,
  type RowData,
} from '@tanstack/svelte-table'

/** What our tables can do: be sorted by a column. */
export const FEATURES = tableFeatures({
  rowSortingFeature,
  sortedRowModel: createSortedRowModel(),
  sortFns: { alphanumeric: sortFn_alphanumeric, basic: sortFn_basic },
})

/** A column: `renderSnippet` and `renderComponent` of TanStack Table draw what is no plain text. */
export type Column<T extends RowData> = ColumnDef<typeof FEATURES, T>
