import { caEvents, registryEvents, type CloudEvent, type DataOf, type EventContract } from '@certlane/contracts';
import { Hears } from '@certlane/runtime';
import { Controller, Inject } from '@nestjs/common';
import { TlsKeeper } from '../session/tls-keeper.js';

type About<C extends EventContract> = CloudEvent<DataOf<C>>;

/** Reads a certificate or an issuer again as soon as it changed. */
@Controller()
export class TlsEventsHandler {
  constructor(@Inject(TlsKeeper) private readonly keeper: TlsKeeper) {}

  @Hears(caEvents.issuerAdded)
  issuerAdded({ data }: About<typeof caEvents.issuerAdded>): Promise<void> {
    return this.keeper.issuerChanged(data.issuer.fingerprint);
  }

  @Hears(caEvents.issuerRemoved)
  issuerRemoved({ data }: About<typeof caEvents.issuerRemoved>): Promise<void> {
    return this.keeper.issuerChanged(data.issuer.fingerprint);
  }

  @Hears(registryEvents.stationAdded)
  stationAdded({ data }: About<typeof registryEvents.stationAdded>): Promise<void> {
    return this.keeper.stationChanged(data.station);
  }

  @Hears(registryEvents.ownCertificateActivated)
  certificateActivated({ data }: About<typeof registryEvents.ownCertificateActivated>): Promise<void> {
    return this.keeper.stationChanged(data.station);
  }

  @Hears(registryEvents.ownCertificateSwitched)
  certificateSwitched({ data }: About<typeof registryEvents.ownCertificateSwitched>): Promise<void> {
    return this.keeper.stationChanged(data.station);
  }
}
