/** What the module provides beside classes; each constant names the interface it stands for. */

/** {@link OwnKeys} */
export const OWN_KEYS = Symbol('gateway:own-keys');
/** {@link GatewayConfig} */
export const GATEWAY_CONFIG = Symbol('gateway:config');
