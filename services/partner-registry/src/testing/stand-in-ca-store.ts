import {
  ca,
  CertlaneError,
  type DataOf,
  type EventContract,
  type ParsedRequestOf,
  type ReplyOf,
  type RequestContract,
  type ValidationVerdict,
} from '@certlane/contracts';
import { formatDistinguishedName, readCertificate, summaryOf } from '@certlane/pki';
import type { TestCa } from '@certlane/pki/testing';
import {
  createMessages,
  runService,
  Serves,
  systemClock,
  TimeOrderedIds,
  type RunningService,
} from '@certlane/runtime';
import type { TestNats } from '@certlane/runtime/testing';
import { Controller, Inject } from '@nestjs/common';

const ANSWERS = Symbol('answers');

/** What it was asked and what it answers: everything is trusted until a test says otherwise. */
export interface CaStoreAnswers {
  readonly company: TestCa;
  /** Fingerprints that are not trusted, with the reason. */
  readonly fallen: Map<string, NonNullable<ValidationVerdict['reason']>>;
  /** What it was asked to validate, in order. */
  readonly asked: (ParsedRequestOf<typeof ca.certificateValidate> & { readonly fingerprint: string })[];
  /** Above its issuer stands one that carries what that issued wherever the issuer itself comes along. */
  carriedFromAbove: boolean;
  /** It answers no question about certificates. */
  away: boolean;
  /** Tells something. */
  tell<C extends EventContract>(contract: C, data: DataOf<C>): Promise<void>;
}

/** Stands where ca-store stands and knows one issuer. */
@Controller()
class StandInCaStore {
  readonly #answers: CaStoreAnswers;

  constructor(@Inject(ANSWERS) answers: CaStoreAnswers) {
    this.#answers = answers;
  }

  @Serves(ca.issuerGet)
  get({ fingerprint }: ParsedRequestOf<typeof ca.issuerGet>): ReplyOf<typeof ca.issuerGet> {
    const { certificate } = this.#answers.company.authority;
    if (fingerprint !== certificate.fingerprint) throw new CertlaneError('not-found', 'no such issuer');
    const der = Buffer.from(certificate.der).toString('base64');
    return { issuer: { ...summaryOf(certificate), certificate: der, selfSigned: false, lists: [] }, below: [] };
  }

  @Serves(ca.certificateValidate)
  validate(input: ParsedRequestOf<typeof ca.certificateValidate>): ReplyOf<typeof ca.certificateValidate> {
    const { fingerprint, issuer } = readCertificate(Buffer.from(input.certificate, 'base64'));
    this.#answers.asked.push({ ...input, fingerprint });
    if (this.#answers.away) throw new CertlaneError('unavailable', 'it is away');
    const { certificate: authority } = this.#answers.company.authority;
    const isIssued = formatDistinguishedName(issuer) === formatDistinguishedName(authority.subject);
    const supposed = isIssued && input.supposing?.issuers.includes(authority.fingerprint) === true;
    const carried = this.#answers.carriedFromAbove && input.chain.length > 0;
    const reason = this.#answers.fallen.get(fingerprint) ?? (supposed && !carried ? 'issuer-unknown' : undefined);
    const anchor = authority.fingerprint;
    return {
      verdict: {
        trusted: reason === undefined,
        ...(reason === undefined ? { anchor: { fingerprint: anchor, by: 'operator' } } : { reason }),
        message: reason === undefined ? 'It is trusted.' : `It is not trusted: ${reason}.`,
        path: [fingerprint, anchor],
        checks: [],
        revocation: { status: 'good', message: 'It is not revoked.' },
        otherPaths: [],
        notChecked: [],
        standsOn: { version: 1, trustLists: [], revocationLists: [] },
      },
    };
  }
}

/** A service starts only if all its requests are answered; the registry asks nothing but the two above. */
const others = Object.values(ca).filter((contract) => contract !== ca.issuerGet && contract !== ca.certificateValidate);
for (const contract of others as readonly RequestContract[]) {
  const refuse = { value: () => Promise.reject(new CertlaneError('internal', 'the registry does not ask this')) };
  Object.defineProperty(StandInCaStore.prototype, contract.name, refuse);
  Serves(contract)(StandInCaStore.prototype, contract.name, refuse);
}

/** Starts one; what it answers can be changed while it runs. */
export async function startStandInCaStore(
  nats: TestNats,
  company: TestCa,
): Promise<{ readonly service: RunningService; readonly answers: CaStoreAnswers }> {
  const messages = createMessages({ prefix: nats.prefix, clock: systemClock, ids: new TimeOrderedIds() });
  const answers: CaStoreAnswers = {
    company,
    fallen: new Map(),
    asked: [],
    away: false,
    carriedFromAbove: false,
    tell: (contract, data) => service.bus.publish(messages.event(contract, data)),
  };
  const service = await runService({
    name: 'ca-store',
    config: nats.runtimeConfig('ca-store'),
    module: { controllers: [StandInCaStore], providers: [{ provide: ANSWERS, useValue: answers }] },
  });
  return { service, answers };
}
