import { ca, type ParsedRequestOf, type ReplyOf } from '@certlane/contracts';
import { isPkiError, readCertificate, type Certificate } from '@certlane/pki';
import { CLOCK, Serves, type Clock } from '@certlane/runtime';
import { Controller, Inject } from '@nestjs/common';
import { judge } from '../domain/judge.js';
import { receiveCertificate } from '../domain/received-certificate.js';
import { ISSUERS, type Issuers } from '../ports/issuers.js';
import { ParsedIssuers } from './parsed-issuers.js';

/** Requests for a verdict. What cannot be looked at throws: there is no verdict without all installed issuers. */
@Controller()
export class ValidationHandlers {
  readonly #issuers: Issuers;
  readonly #clock: Clock;
  readonly #parsed = new ParsedIssuers();

  constructor(@Inject(ISSUERS) issuers: Issuers, @Inject(CLOCK) clock: Clock) {
    this.#issuers = issuers;
    this.#clock = clock;
  }

  @Serves(ca.certificateValidate)
  async validate({
    certificate,
    chain,
    at,
    usage,
  }: ParsedRequestOf<typeof ca.certificateValidate>): Promise<ReplyOf<typeof ca.certificateValidate>> {
    const asked = receiveCertificate('certificate', certificate);
    const read = chain.map((one) => readable(one));
    const verdict = judge({
      certificate: asked,
      chain: read.filter((one) => one !== undefined),
      issuers: this.#parsed.of(await this.#issuers.all()),
      at: at === undefined ? this.#clock.now() : new Date(at),
      usage,
    });
    const unread = read.flatMap((one, index) => (one === undefined ? [`chain.${index} (cannot be read)`] : []));
    return { verdict: { ...verdict, notChecked: [...verdict.notChecked, ...unread] } };
  }
}

/** A certificate that came along; one that cannot be read helps nobody and harms nobody. */
function readable(base64: string): Certificate | undefined {
  try {
    return readCertificate(Buffer.from(base64, 'base64'));
  } catch (error) {
    if (isPkiError(error)) return undefined;
    throw error;
  }
}
