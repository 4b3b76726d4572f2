import { caEvents, registryEvents, type CloudEvent, type DataOf, type EventContract } from '@certlane/contracts';
import { Hears } from '@certlane/runtime';
import { Controller, Inject } from '@nestjs/common';
import { TlsKeeper } from '../session/tls-keeper.js';

const HEARD = Promise.resolve();

type About<C extends EventContract> = CloudEvent<DataOf<C>>;

/**
 * Has a certificate or an issuer read again as soon as it changed. An event is done when the keeper knows of it: of a thousand that
 * come at once most then share one reading, and a gateway that dies before it reads everything when it starts again.
 */
@Controller()
export class TlsEventsHandler {
  constructor(@Inject(TlsKeeper) private readonly keeper: TlsKeeper) {}

  @Hears(caEvents.issuerAdded)
  issuerAdded({ data }: About<typeof caEvents.issuerAdded>): Promise<void> {
    this.keeper.issuerChanged(data.issuer.fingerprint);
    return HEARD;
  }

  @Hears(caEvents.issuerRemoved)
  issuerRemoved({ data }: About<typeof caEvents.issuerRemoved>): Promise<void> {
    this.keeper.issuerChanged(data.issuer.fingerprint);
    return HEARD;
  }

  @Hears(caEvents.trustListTaken)
  trustListTaken(): Promise<void> {
    this.keeper.issuersChanged();
    return HEARD;
  }

  @Hears(caEvents.trustListRemoved)
  trustListRemoved(): Promise<void> {
    this.keeper.issuersChanged();
    return HEARD;
  }

  @Hears(registryEvents.stationAdded)
  stationAdded({ data }: About<typeof registryEvents.stationAdded>): Promise<void> {
    this.keeper.stationChanged(data.station);
    return HEARD;
  }

  @Hears(registryEvents.ownCertificateActivated)
  certificateActivated({ data }: About<typeof registryEvents.ownCertificateActivated>): Promise<void> {
    this.keeper.stationChanged(data.station);
    return HEARD;
  }

  @Hears(registryEvents.ownCertificateSwitched)
  certificateSwitched({ data }: About<typeof registryEvents.ownCertificateSwitched>): Promise<void> {
    this.keeper.stationChanged(data.station);
    return HEARD;
  }
}
