import { Op, type Model, type ModelStatic, type Transaction, type WhereOptions } from 'sequelize'

/** The transaction in which a verb is to happen; its own one where none is given. */
export interface Within {
  transaction?: Transaction
}

/**
 * Changes a record only while `condition` holds in the database, in one statement: of two who try at once, one does
 * it. Tells whether this call did; then the record shows the change.
 */
export async function updateWhile<Columns extends object>(
  record: Model<Columns, object>,
  condition: WhereOptions<Columns>,
  values: Partial<Columns>,
  within: Within = {},
): Promise<boolean> {
  const model = record.constructor as ModelStatic<Model<Columns, object>>
  const where = { [Op.and]: [record.where(), condition] } as WhereOptions<Columns>
  const [, [updated]] = await model.update(values, { where, returning: true, ...within })
  if (!updated) return false
  record.set(updated.get(), { raw: true })
  return true
}
