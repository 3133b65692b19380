import {
  CataloguePage,
  CatalogueQuery,
  CatalogueToolChanges,
  CatalogueToolTold,
  SchemaCheckBody,
  SchemaChecked,
  ToolRemoved,
} from '../../catalogue.ts'
import { SavedTool } from '../../tools.ts'
import { CATALOGUE_TOOL } from '../tool-examples.ts'
import type { Operation, OperationKey } from '../operation.ts'
import { forPeople, PEOPLE_ERRORS } from './for-people.ts'

/** The tools that all clients choose from. */

const told = (description: string) => ({
  ...({ status: 200, description, schema: CatalogueToolTold } as const),
  example: { tool: CATALOGUE_TOOL },
})

const { description, parameters_schema, category } = CATALOGUE_TOOL

const listCatalogue = {
  id: 'listCatalogue',
  summary: 'List the tools of the catalogue',
  description: 'By category and name; for the next page, give the last `id` as `after`.',
  ...forPeople('analyst', 'anyone'),
  query: { schema: CatalogueQuery, example: { search: 'order' } },
  success: {
    status: 200,
    description: 'A page of tools.',
    schema: CataloguePage,
    example: { tools: [CATALOGUE_TOOL], has_more: false },
  },
  errors: ['invalid_payload', ...PEOPLE_ERRORS],
} as const satisfies Operation

const addCatalogueTool = {
  id: 'addCatalogueTool',
  summary: 'Add a tool to the catalogue',
  description:
    '`invalid_payload` tells the path of what does not fit of its schema, or that the name is taken.',
  ...forPeople('owner', 'installation'),
  body: {
    schema: SavedTool,
    example: { tool_name: 'find_parcel', description, parameters_schema, category },
  },
  success: told('The tool.'),
  errors: ['invalid_payload', ...PEOPLE_ERRORS],
} as const satisfies Operation

const readCatalogueTool = {
  id: 'readCatalogueTool',
  summary: 'Read a tool of the catalogue',
  ...forPeople('analyst', 'anyone'),
  success: told('The tool.'),
  errors: ['not_found', ...PEOPLE_ERRORS],
} as const satisfies Operation

const changeCatalogueTool = {
  id: 'changeCatalogueTool',
  summary: 'Change a tool of the catalogue',
  description: 'For all clients that use it, within five seconds. What is left out stays.',
  ...forPeople('owner', 'installation'),
  body: { schema: CatalogueToolChanges, example: { description, category } },
  success: told('The tool as it is now.'),
  errors: ['invalid_payload', 'not_found', ...PEOPLE_ERRORS],
} as const satisfies Operation

const removeCatalogueTool = {
  id: 'removeCatalogueTool',
  summary: 'Take a tool out of the catalogue',
  description: 'And from all clients.',
  ...forPeople('owner', 'installation'),
  success: {
    status: 200,
    description: 'What is gone.',
    schema: ToolRemoved,
    example: { id: CATALOGUE_TOOL.id },
  },
  errors: ['not_found', ...PEOPLE_ERRORS],
} as const satisfies Operation

const checkSchema = {
  id: 'checkSchema',
  summary: 'Check the schema of a function’s arguments',
  description: 'As it would be checked when it is kept; nothing is kept.',
  ...forPeople('admin', 'anyone'),
  body: { schema: SchemaCheckBody, example: { schema: parameters_schema, arguments: { order: '1001' } } },
  success: {
    status: 200,
    description: 'What does not fit.',
    schema: SchemaChecked,
    example: { fault: null, arguments_fault: null },
  },
  errors: ['invalid_payload', ...PEOPLE_ERRORS],
} as const satisfies Operation

export const CATALOGUE_OPERATIONS = {
  'GET /api/admin/tools': listCatalogue,
  'POST /api/admin/tools': addCatalogueTool,
  'GET /api/admin/tools/:tool_id': readCatalogueTool,
  'PATCH /api/admin/tools/:tool_id': changeCatalogueTool,
  'POST /api/admin/schema-check': checkSchema,
  'DELETE /api/admin/tools/:tool_id': removeCatalogueTool,
} as const satisfies Record<OperationKey, Operation>
