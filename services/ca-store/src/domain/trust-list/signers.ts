import { ACTOR_HEADER, CertlaneError } from '@certlane/contracts';
import { formatDistinguishedName, type Certificate } from '@certlane/pki';
import type { FollowedList, PinnedSigner } from '../../ports/trust-state.js';

/** Signers of one list, the one that waits for a second person included. */
export const MOST_SIGNERS = 4;
const MINIMUM_RSA_BITS = 2_048;
const SHOWN = 200;

/** Who acts, as the request says. */
export type Actor = string | undefined;

/** Signers whose lists are taken: all but the one that waits for a second person. */
export function pinnedSigners({ signers }: Pick<FollowedList, 'signers'>): readonly PinnedSigner[] {
  return signers.filter((signer) => !isWaiting(signer));
}

/** Their certificates. */
export function signersOfUse(followed: Pick<FollowedList, 'signers'>): readonly Certificate[] {
  return pinnedSigners(followed).map(({ certificate }) => certificate);
}

/** The signer that waits for a second person. */
export function stagedSigner({ signers }: Pick<FollowedList, 'signers'>): PinnedSigner | undefined {
  return signers.find(isWaiting);
}

/**
 * The signers after a list was taken that this one signed: a signer that was confirmed replaces those before it with the first list it
 * signs. Until then theirs are taken, since nobody knows when the publisher changes over.
 */
export function afterSigning(signers: readonly PinnedSigner[], signer: Certificate): readonly PinnedSigner[] {
  const place = signers.findIndex(({ certificate }) => certificate.fingerprint === signer.fingerprint);
  const isConfirmed = signers[place]?.confirmedBy !== undefined;
  return isConfirmed ? signers.filter((one, index) => index >= place || isWaiting(one)) : signers;
}

/**
 * Signers as an operator gives them.
 * @throws {CertlaneError} `invalid-argument`
 */
export function givenSigners(certificates: readonly Certificate[], by: Actor, now: Date): readonly PinnedSigner[] {
  const unique = [...new Map(certificates.map((one) => [one.fingerprint, one])).values()];
  return unique.map((certificate, index) => {
    assertCanSign(certificate, `signers.${index}`);
    return { certificate, pinned: 'given', at: now.toISOString(), by };
  });
}

/**
 * Proposes another signer; one that was proposed before and not confirmed is replaced.
 * @throws {CertlaneError} `failed-precondition` when it is pinned already or nobody is named, `invalid-argument`
 */
export function stageSigner(followed: FollowedList, certificate: Certificate, by: Actor, now: Date): FollowedList {
  const proposer = named(by, 'a signer is proposed');
  assertCanSign(certificate, 'certificate');
  if (signersOfUse(followed).some(({ fingerprint }) => fingerprint === certificate.fingerprint)) {
    throw refused(
      'certificate',
      `${nameOf(certificate)} signs ${followed.name} already; certlane tsl show ${followed.name} shows who does`,
    );
  }
  const signers = followed.signers.filter((one) => !isWaiting(one));
  if (signers.length >= MOST_SIGNERS) {
    throw refused(
      'certificate',
      `${followed.name} has ${signers.length} signers already, and no list of the last one was taken yet; certlane tsl refresh ${followed.name} reads it, its first list puts the former signers out of use`,
    );
  }
  const staged: PinnedSigner = { certificate, pinned: 'staged', at: now.toISOString(), by: proposer };
  return { ...followed, signers: [...signers, staged] };
}

/**
 * Pins the signer that somebody else has proposed.
 * @param followed the list
 * @param meant the signer, undefined: whichever waits; and who confirms
 * @throws {CertlaneError} `failed-precondition` when none waits, another one waits, nobody is named or the same person confirms
 */
export function confirmSigner(
  followed: FollowedList,
  meant: { readonly fingerprint: string | undefined; readonly by: Actor },
): { readonly followed: FollowedList; readonly signer: PinnedSigner } {
  const { name } = followed;
  const { fingerprint, by } = meant;
  const confirmer = named(by, 'a signer is confirmed');
  const staged = stagedSigner(followed);
  if (staged === undefined) {
    throw refused(
      'name',
      `no signer of ${name} waits to be confirmed; certlane tsl signer stage ${name} CERT proposes one`,
    );
  }
  if (fingerprint !== undefined && fingerprint !== staged.certificate.fingerprint) {
    throw refused(
      'fingerprint',
      `${fingerprint} does not wait to be confirmed for ${name}; ${nameOf(staged.certificate)} does, staged by ${staged.by ?? 'nobody by name'}`,
    );
  }
  if (staged.by === undefined || staged.by === confirmer) {
    const who = staged.by ?? 'nobody by name';
    const ways = `another person confirms it, with a login of their own or certlane --actor NAME tsl signer confirm ${name}`;
    throw refused(
      ACTOR_HEADER,
      `${who} has staged ${nameOf(staged.certificate)} at ${staged.at} and cannot confirm it; ${ways}`,
    );
  }
  const signer: PinnedSigner = { ...staged, pinned: 'given', confirmedBy: confirmer };
  return { followed: { ...followed, signers: followed.signers.map((one) => (one === staged ? signer : one)) }, signer };
}

const isWaiting = ({ pinned }: PinnedSigner): boolean => pinned === 'staged';

function named(by: Actor, what: string): string {
  if (by !== undefined) return by;
  throw refused(ACTOR_HEADER, `${what} by a person who is named; say who acts with --actor NAME`);
}

/** By the algorithms of trust lists only RSA keys sign them (ETSI TS 102 231, annex B, as libs/pki has it). */
function assertCanSign(certificate: Certificate, field: string): void {
  const { algorithm, bits } = certificate.publicKey;
  if (algorithm === 'rsa' && (bits ?? 0) >= MINIMUM_RSA_BITS) return;
  const key = bits === undefined ? algorithm : `${algorithm}, ${bits} bits`;
  throw new CertlaneError(
    'invalid-argument',
    `${field}: ${nameOf(certificate)} cannot sign a trust list: its key (${key}) is not RSA with ${MINIMUM_RSA_BITS} bits or more`,
    { details: { field } },
  );
}

function refused(field: string, message: string): CertlaneError {
  return new CertlaneError('failed-precondition', `${field}: ${message}`, { details: { field } });
}

const nameOf = ({ subject, fingerprint }: Certificate): string =>
  `"${formatDistinguishedName(subject).slice(0, SHOWN)}" (${fingerprint})`;
