import { fileURLToPath } from 'node:url';

/**
 * Where compiled code is kept from one start to the next: beside the dependencies, so that whoever can write it could change the
 * code itself. A folder that cannot be written is no error, only slower.
 */
export const COMPILE_CACHE = fileURLToPath(new URL('../../../node_modules/.cache/certlane', import.meta.url));
