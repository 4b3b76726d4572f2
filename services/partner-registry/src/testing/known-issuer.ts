import { ca, CertlaneError, type ParsedRequestOf, type ReplyOf } from '@certlane/contracts';
import { summaryOf } from '@certlane/pki';
import type { TestCa } from '@certlane/pki/testing';
import { auditController, runService, Serves, type RunningService } from '@certlane/runtime';
import type { TestNats } from '@certlane/runtime/testing';
import { Controller, Inject } from '@nestjs/common';

const COMPANY = Symbol('company');

/** Stands where ca-store stands and knows one issuer: the registry asks nothing else of it. */
@Controller()
class KnownIssuer {
  readonly #company: TestCa;

  constructor(@Inject(COMPANY) company: TestCa) {
    this.#company = company;
  }

  @Serves(ca.issuerGet)
  get({ fingerprint }: ParsedRequestOf<typeof ca.issuerGet>): ReplyOf<typeof ca.issuerGet> {
    const { certificate, now } = this.#company.authority;
    if (fingerprint !== certificate.fingerprint) throw new CertlaneError('not-found', 'no such issuer');
    const der = Buffer.from(certificate.der).toString('base64');
    return {
      issuer: { ...summaryOf(certificate), certificate: der, addedAt: now.toISOString(), selfSigned: false },
    };
  }

  @Serves(ca.issuerAdd)
  add(): never {
    throw unasked();
  }

  @Serves(ca.issuerList)
  list(): never {
    throw unasked();
  }

  @Serves(ca.issuerRemove)
  remove(): never {
    throw unasked();
  }

  @Serves(ca.certificateValidate)
  validate(): never {
    throw unasked();
  }
}

const unasked = () => new CertlaneError('internal', 'the registry does not ask this');

export function startKnownIssuer(nats: TestNats, company: TestCa): Promise<RunningService> {
  return runService({
    name: 'ca-store',
    config: nats.runtimeConfig('ca-store'),
    module: { controllers: [KnownIssuer, auditController(ca)], providers: [{ provide: COMPANY, useValue: company }] },
  });
}
