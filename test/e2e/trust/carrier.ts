import type { ExchangeKind } from '@certlane/contracts';
import { certificateToPem, envelopChallenge, openChallenge } from '@certlane/pki';
import type { TestIdentity } from '@certlane/pki/testing';
import { Visitor, words, type Answer } from '../../demo/visitor.js';
import type { InteroperabilitySet } from '../../support/interoperability/interoperability-set.js';
import type { Label } from '../../support/interoperability/roles.js';
import { PASSWORD, type End } from './end.js';

/** A certificate file that a station brings for itself or for another one behind it. */
export interface CarriedFile {
  readonly kind: ExchangeKind;
  /** SFIDORIG. */
  readonly from: string;
  readonly identity: TestIdentity;
  /** SFIDDESC. */
  readonly description?: string;
}

let serial = 0;

/**
 * Company A's main station, written down step by step: it opens a session with secure authentication and brings files of several
 * stations, which no station of Certlane does of itself.
 * @param b B's side of the relation; B knows A by CA01, and A knows B by CB01
 * @returns what B answers to each file, as a person reads it
 */
export async function carry(b: End, set: InteroperabilitySet, files: readonly CarriedFile[]): Promise<string[]> {
  const authority = certificateToPem(set.companyB.authority.certificate);
  const visitor = await Visitor.tls(b.site.tlsPort, authority);
  const said = await visitor.start({ code: b.other, password: PASSWORD }, true);
  if (said.command !== 'SSID') throw new Error(`the session was refused: ${words(said)}`);
  await visitor.prove(proofOf(set, 'CA01', 'CB01'));
  const answers: string[] = [];
  for (const { kind, from, identity, description = '' } of files) {
    serial += 1;
    const dataset = `ODETTE_CERTIFICATE_${kind.toUpperCase()}`;
    const content = identity.certificate.der;
    const verdict = await visitor.offer({
      dataset,
      content,
      from,
      to: b.station,
      time: 1_200_000_000 + serial,
      description,
    });
    if (verdict.command === 'EFPA') answers.push(...(await visitor.answers()).map(answerWords));
    else answers.push(words(verdict));
  }
  visitor.leave();
  return answers;
}

/** An answer goes to the station whose file it is. */
function answerWords(answer: Answer): string {
  const to = answer.command === 'EERP' ? answer.EERPDEST : answer.NERPDEST;
  return `${words(answer)} to ${to}`;
}

function proofOf(set: InteroperabilitySet, ours: Label, theirs: Label) {
  return {
    open: (envelope: Uint8Array) => openChallenge(envelope, [set.member(ours)]),
    envelop: (challenge: Uint8Array) =>
      envelopChallenge({
        challenge,
        recipient: set.member(theirs).certificate,
        cipher: 'aes-256',
        keyTransport: 'rsaes-pkcs1-v1_5',
      }),
  };
}
