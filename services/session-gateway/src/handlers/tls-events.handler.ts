import { caEvents, registryEvents } from '@certlane/contracts';
import { Hears } from '@certlane/runtime';
import { Controller, Inject } from '@nestjs/common';
import { TlsKeeper } from '../session/tls-keeper.js';

/** Reads certificates and issuers again as soon as one of them changed. */
@Controller()
export class TlsEventsHandler {
  constructor(@Inject(TlsKeeper) private readonly keeper: TlsKeeper) {}

  @Hears(caEvents.issuerAdded)
  issuerAdded(): Promise<void> {
    return this.keeper.refresh();
  }

  @Hears(caEvents.issuerRemoved)
  issuerRemoved(): Promise<void> {
    return this.keeper.refresh();
  }

  @Hears(registryEvents.stationAdded)
  stationAdded(): Promise<void> {
    return this.keeper.refresh();
  }

  @Hears(registryEvents.ownCertificateActivated)
  certificateActivated(): Promise<void> {
    return this.keeper.refresh();
  }

  @Hears(registryEvents.ownCertificateSwitched)
  certificateSwitched(): Promise<void> {
    return this.keeper.refresh();
  }
}
