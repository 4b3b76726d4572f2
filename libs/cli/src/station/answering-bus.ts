import {
  CertlaneError,
  isCertlaneError,
  serviceNames,
  type RequestContract,
  type ServiceName,
} from '@certlane/contracts';
import type { Bus } from '../bus.js';
import type { StationFile } from '../data-folder/station-file.js';

/**
 * The bus for a person: where a service does not answer, the error also says what became of what was asked for, and where to look. Every
 * command asks through this.
 */
export function answeringBus(bus: Bus, { services }: Pick<StationFile, 'services'>): Bus {
  return {
    ...bus,
    request: async (contract, input, options) => {
      try {
        return await bus.request(contract, input, options);
      } catch (thrown) {
        throw explained(contract, thrown, services);
      }
    },
  };
}

/** Requests that change nothing, by the last word of their name. */
const READS = /(?:^|\.)(?:list|get|verify|validate|decide|dependents)$/;

function explained(contract: RequestContract, thrown: unknown, services: StationFile['services']): unknown {
  if (!isCertlaneError(thrown) || thrown.code !== 'unavailable') return thrown;
  const service = serviceNames.find((name) => name === thrown.details['service']);
  if (service === undefined) return thrown;
  const { message, details } = thrown;
  const sentence = [message, ...effect(contract, service, thrown), remedy(service, services)].join('; ');
  return new CertlaneError('unavailable', sentence, { details, cause: thrown });
}

/** What is known of what was asked for; nothing where the service that was asked has said it itself. */
function effect({ name, service: asked }: RequestContract, service: ServiceName, thrown: CertlaneError): string[] {
  if (READS.test(name)) return ['nothing was changed'];
  if (!thrown.message.startsWith(service)) return [];
  return asked === service && thrown.details['failure'] === 'no-responders'
    ? ['nothing was changed']
    : ['whether it was done all the same is not known: look before you do it again'];
}

function remedy(service: ServiceName, services: StationFile['services']): string {
  const health = services[service]?.health;
  const where = health === undefined ? '' : `, and what ${health}/health/ready answers`;
  return `see what certlane up says of ${service}${where}`;
}
