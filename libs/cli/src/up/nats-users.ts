import { serviceNames } from '@certlane/contracts';
import { OPERATOR, PROVISIONER } from '../bus.js';

/** Users of NATS that `certlane up` makes passwords for. */
export const NATS_USERS = [...serviceNames, OPERATOR, PROVISIONER] as const;
/** A user of NATS. */
export type NatsUser = (typeof NATS_USERS)[number];
