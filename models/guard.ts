import type { Model, ModelStatic } from 'sequelize'

/** A column was to be written that only the statements of `server/conversation` and `server/knowledge` may write. */
export class GuardedColumnError extends Error {
  override readonly name = 'GuardedColumnError'
}

/**
 * Makes a model refuse to update `columns`, whichever of Sequelize's ways is taken: their rules live in statements
 * that hold the row's lock, and an ORM writes what it read a while ago.
 */
export function refuseUpdates(model: ModelStatic<Model>, columns: readonly string[]): void {
  const refuse = (names: readonly string[]): void => refuseNames(model, columns, names)
  model.addHook('beforeUpdate', (record: Model) => refuse(record.changed() || []))
  model.addHook('beforeBulkUpdate', (options) => {
    const { attributes = {} } = options as { attributes?: object }
    refuse(Object.keys(attributes))
  })
  model.addHook('beforeUpsert', (values: object) => refuse(Object.keys(values)))
  const increment = model.increment.bind(model) as (fields: Fields, ...rest: unknown[]) => unknown
  Object.defineProperty(model, 'increment', {
    value: (fields: Fields, ...rest: unknown[]) => {
      refuse(namesOf(fields))
      return increment(fields, ...rest)
    },
  })
}

/** Makes a model refuse to create rows in which `columns` hold anything but what a new row begins with. */
export function refuseInitialValues(model: ModelStatic<Model>, columns: readonly string[]): void {
  const check = (record: Model): void => {
    const chosen = columns.filter((column) => {
      const value: unknown = record.get(column)
      return (value ?? null) !== (model.getAttributes()[column]?.defaultValue ?? null)
    })
    refuseNames(model, columns, chosen)
  }
  model.addHook('beforeCreate', check)
  model.addHook('beforeBulkCreate', (records: Model[]) => records.forEach(check))
}

type Fields = string | readonly string[] | Readonly<Record<string, unknown>>

function namesOf(fields: Fields): readonly string[] {
  if (typeof fields === 'string') return [fields]
  return Array.isArray(fields) ? (fields as readonly string[]) : Object.keys(fields)
}

function refuseNames(model: ModelStatic<Model>, columns: readonly string[], names: readonly string[]): void {
  const guarded = names.filter((name) => columns.includes(name))
  if (guarded.length === 0) return
  throw new GuardedColumnError(`${model.name}: ${guarded.join(', ')} may not be written through a model`)
}
