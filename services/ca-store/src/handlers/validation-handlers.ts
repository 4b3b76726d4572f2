import { ca, type ParsedRequestOf, type ReplyOf } from '@certlane/contracts';
import { isPkiError, readCertificate, type Certificate } from '@certlane/pki';
import { Serves } from '@certlane/runtime';
import { Controller, Inject } from '@nestjs/common';
import { receiveCertificate } from '../domain/received-certificate.js';
import { Validation } from '../operations/validation.js';

/** Requests for a verdict. What cannot be looked at throws: there is no verdict without the whole trust state. */
@Controller()
export class ValidationHandlers {
  readonly #validation: Validation;

  constructor(@Inject(Validation) validation: Validation) {
    this.#validation = validation;
  }

  @Serves(ca.certificateValidate)
  async validate({
    certificate,
    chain,
    at,
    usage,
    revocation,
    weakKeys,
    supposing,
  }: ParsedRequestOf<typeof ca.certificateValidate>): Promise<ReplyOf<typeof ca.certificateValidate>> {
    const asked = receiveCertificate('certificate', certificate);
    const read = chain.map((one) => readable(one));
    const verdict = await this.#validation.verdict({
      certificate: asked,
      chain: read.filter((one) => one !== undefined),
      at: at === undefined ? undefined : new Date(at),
      usage,
      revocation,
      weakKeys,
      supposing,
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
