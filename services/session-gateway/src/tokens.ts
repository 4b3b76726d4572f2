/** What the module provides beside classes; the constant names the interface it stands for. */

/** {@link OwnKeys} */
export const OWN_KEYS = Symbol('gateway:own-keys');
