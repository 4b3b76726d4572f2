/**
 * What {@link runService} provides to every controller and provider: `constructor(@Inject(BUS) private readonly bus: Bus)`.
 * Each constant names the interface it stands for.
 */

/** {@link Bus} */
export const BUS = Symbol('certlane:bus');
/** {@link DocumentStore}; only in services whose contract has a store. */
export const STORE = Symbol('certlane:store');
/** {@link AuditTrail}; only in services whose contract has a store. */
export const AUDIT = Symbol('certlane:audit');
/** {@link LeasedTasks}; only in services whose contract has a store. */
export const LEASED_TASKS = Symbol('certlane:leased-tasks');
/** {@link Messages} */
export const MESSAGES = Symbol('certlane:messages');
/** {@link Clock} */
export const CLOCK = Symbol('certlane:clock');
/** {@link Ids} */
export const IDS = Symbol('certlane:ids');
/** {@link Logger} */
export const LOGGER = Symbol('certlane:logger');
/** {@link Health} */
export const HEALTH = Symbol('certlane:health');
/** {@link RuntimeConfig} */
export const RUNTIME_CONFIG = Symbol('certlane:runtime-config');
