import { defaultStreamSettings } from '../nats/plan.js';
import { wholeNumber } from './settings.js';

/** The provisioner's own variables, beside those every process has. */
export const provisionVariables = {
  /** Copies that JetStream keeps of every stream. */
  CERTLANE_STREAM_REPLICAS: wholeNumber(1, 5).default(defaultStreamSettings.replicas),
  /** Days an event is kept. */
  CERTLANE_EVENT_DAYS: wholeNumber(1, 3650).default(defaultStreamSettings.eventDays),
};
