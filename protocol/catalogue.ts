import Type, { type Static } from 'typebox'
import { paging } from './paging.ts'
import { Timestamp, Uuid } from './records.ts'
import { SavedTool } from './tools.ts'

const closed = { additionalProperties: false }

/** A tool of the catalogue, as people see it. */
export const CatalogueTool = Type.Object({
  id: Uuid,
  tool_name: Type.String(),
  description: Type.String(),
  parameters_schema: Type.Record(Type.String(), Type.Unknown()),
  category: Type.String(),
  created_at: Timestamp,
})
export type CatalogueTool = Static<typeof CatalogueTool>

export const CatalogueToolTold = Type.Object({ tool: CatalogueTool })
export type CatalogueToolTold = Static<typeof CatalogueToolTold>

export const CatalogueQuery = Type.Object(
  {
    search: Type.Optional(
      Type.String({ maxLength: 100, description: 'A part of the name, description or category.' }),
    ),
    ...paging,
  },
  closed,
)
export type CatalogueQuery = Static<typeof CatalogueQuery>

export const CataloguePage = Type.Object({ tools: Type.Array(CatalogueTool), has_more: Type.Boolean() })
export type CataloguePage = Static<typeof CataloguePage>

const { description, parameters_schema, category } = SavedTool.properties

/** What is left out stays. The name stays always: models and records know the tool by it. */
export const CatalogueToolChanges = Type.Object(
  {
    description: Type.Optional(description),
    parameters_schema: Type.Optional(parameters_schema),
    category,
  },
  { ...closed, minProperties: 1 },
)
export type CatalogueToolChanges = Static<typeof CatalogueToolChanges>

export const ToolRemoved = Type.Object({ id: Uuid })
export type ToolRemoved = Static<typeof ToolRemoved>

/** A schema as somebody is writing it, and arguments that are held against it. */
export const SchemaCheckBody = Type.Object(
  {
    schema: Type.Unknown({ description: 'JSON Schema of an object.' }),
    arguments: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
  },
  closed,
)
export type SchemaCheckBody = Static<typeof SchemaCheckBody>

export const SchemaChecked = Type.Object({
  fault: Type.Union(
    [
      Type.Object({
        path: Type.String({
          description: 'Leads to it, such as `/properties/order/type`; empty: the whole.',
        }),
        problem: Type.String(),
      }),
      Type.Null(),
    ],
    { description: 'The first thing that does not fit of the schema; null: nothing.' },
  ),
  arguments_fault: Type.Union([Type.String(), Type.Null()], {
    description:
      'What does not fit of the arguments, as a model reads it; null: nothing, or none were given.',
  }),
})
export type SchemaChecked = Static<typeof SchemaChecked>
