import { build, isBuilt } from './build.mjs'
import { install, isInstalled } from './install.mjs'

/** Installs and builds what is missing or older than the sources. Throws an error with `isTold` when that fails. */
export async function prepare() {
  if (!isInstalled()) await install()
  if (!isBuilt()) await build()
}
