import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { TestAuthority, testSelfSigned } from '../testing/index.js';
import { mutated } from '../testing/mutations.js';
import { messageOf, refusalOf } from '../testing/refusals.js';
import { readTrustList } from './read-trust-list.js';
import { signTestTrustList, testTrustList, testTrustListXml } from './testing/index.js';
import { verifyTrustList } from './verify-trust-list.js';

const now = new Date('2026-11-20T12:00:00Z');
const signer = testSelfSigned(now, { subject: 'CN=List Signer' });
const forger = testSelfSigned(now, { subject: 'CN=Forger' });
const weakSigner = testSelfSigned(now, { subject: 'CN=Weak Signer', weak: 'rsa-1024' });
const authority = TestAuthority.root('Listed', now).certificate;
const services = { providers: [{ services: [{ certificates: [authority] }] }] };
const xml = testTrustListXml(now, services);
const sound = Buffer.from(testTrustList(signer, now, services)).toString('utf8');
const xades = Buffer.from(testTrustList(signer, now, services, { xades: true })).toString('utf8');
const [signature = ''] = /<ds:Signature .*<\/ds:Signature>/.exec(sound) ?? [];
const [signedInfo = ''] = /<ds:SignedInfo>.*<\/ds:SignedInfo>/.exec(sound) ?? [];
const [digest = ''] = /<ds:DigestValue>[^<]*/.exec(sound) ?? [];

const octets = (text: string): Buffer => Buffer.from(text, 'utf8');
const judge = (list: Uint8Array) => verifyTrustList(list, { signers: [signer.certificate] });
/** The sound list with one text in place of another, which has to be there. */
const edited = (from: string, to: string, list = sound): Buffer => {
  if (!list.includes(from)) throw new RangeError(`the list does not hold ${from}`);
  return octets(list.replace(from, () => to));
};
const afterDeclaration = (text: string): Buffer =>
  edited('<tsl:TrustServiceStatusList', `${text}<tsl:TrustServiceStatusList`);
const inScheme = (text: string): Buffer => edited('<tsl:SchemeInformation>', `<tsl:SchemeInformation>${text}`);
const unsigned = sound.replace(signature, '');
const DS = 'http://www.w3.org/2000/09/xmldsig#';
const laughs = Array.from({ length: 10 }, (_, i) => `<!ENTITY l${i + 1} "${`&l${i};`.repeat(10)}">`).join('');
const withSigned = (options: Parameters<typeof signTestTrustList>[2]): Uint8Array =>
  signTestTrustList(xml, signer, options);
/** A forged list around one whose signature names only the element with Id `list`. */
const moved = Buffer.from(withSigned({ reference: { xpath: '/*', uri: '#list' } })).toString('utf8');
const withoutDeclaration = (text: string): string => text.replace(/^<\?xml[^>]*\?>/, '');
const forged = testTrustListXml(now, { sequenceNumber: 99 }).replace('Id="list"', 'Id="forged"');
const around = (inner: string): Buffer =>
  octets(forged.replace('</tsl:TrustServiceStatusList>', `${inner}</tsl:TrustServiceStatusList>`));

const MALFORMED = 'trust-list-malformed';
const UNSAFE = 'trust-list-unsafe';
const FORM = 'trust-list-signature-form';
const ALGORITHM = 'trust-list-algorithm';
const UNKNOWN = 'trust-list-signer-unknown';
const INVALID = 'trust-list-signature-invalid';

const HOSTILE: readonly (readonly [what: string, list: Uint8Array, code: string, says: string])[] = [
  ['nothing', octets(''), MALFORMED, 'empty'],
  ['white space', octets(' \n\t'), MALFORMED, 'empty'],
  ['an HTML page', octets('<!DOCTYPE html><html><body>404</body></html>'), MALFORMED, 'HTML page'],
  ['an HTML page without DOCTYPE', octets('<html><body>moved</body></html>'), MALFORMED, 'HTML page'],
  ['plain text', octets('2026-11-20T12:00:00Z'), MALFORMED, 'not well-formed'],
  ['DER in place of XML', authority.der, MALFORMED, 'not UTF-8'],
  ['octets that are not UTF-8', Buffer.concat([octets(sound), Buffer.of(0xff)]), MALFORMED, 'not UTF-8'],
  ['an overlong UTF-8 form', Buffer.concat([Buffer.of(0xc0, 0xbc), octets(sound)]), MALFORMED, 'not UTF-8'],
  ['UTF-16', Buffer.from(sound, 'utf16le'), MALFORMED, 'NUL'],
  ['a declaration of UTF-16', edited('encoding="UTF-8"', 'encoding="UTF-16"'), MALFORMED, 'UTF-16'],
  ['a declaration of UTF-7', edited('encoding="UTF-8"', "encoding='UTF-7'"), MALFORMED, 'UTF-7'],
  ['a cut list', octets(sound.slice(0, sound.length / 2)), MALFORMED, 'not well-formed'],
  ['two document elements', octets(`${sound}<more/>`), MALFORMED, 'not well-formed'],
  ['a control character', inScheme('\u0001'), MALFORMED, 'not well-formed'],
  ['an undeclared prefix', inScheme('<none:x/>'), MALFORMED, 'not well-formed'],
  ['a doubled attribute', edited('Id="list"', 'Id="list" Id="list"'), MALFORMED, 'not well-formed'],
  ['a relative namespace', inScheme('<x xmlns="relative"/>'), MALFORMED, 'no canonical form'],
  ['another document', octets('<list/>'), MALFORMED, 'not a TrustServiceStatusList'],
  [
    'the root in another namespace',
    edited('http://uri.etsi.org/02231/v2#', 'http://example.com/'),
    MALFORMED,
    'not a Trust',
  ],
  ['too many octets', octets(sound + ' '.repeat(4_194_304)), 'too-large', 'octets'],
  ['elements too deep', inScheme('<x>'.repeat(100) + '</x>'.repeat(100)), 'too-large', 'deep'],
  ['elements very deep', inScheme('<x>'.repeat(20_000) + '</x>'.repeat(20_000)), MALFORMED, 'not well-formed'],
  ['too many elements', inScheme(`<x>${'<x/>'.repeat(900)}</x>`.repeat(50)), 'too-large', '40000 nodes'],
  ['too many elements in one', inScheme('<x/>'.repeat(1001)), 'too-large', '1000 nodes in one'],
  [
    'too many attributes',
    inScheme(`<x ${Array.from({ length: 40 }, (_, i) => `a${i}=""`).join(' ')}/>`),
    'too-large',
    'attributes',
  ],
  [
    'too many namespaces',
    inScheme(`<x ${Array.from({ length: 40 }, (_, i) => `xmlns:a${i}="urn:${i}"`).join(' ')}/>`),
    'too-large',
    'attributes',
  ],
  ['too many namespaces in all', inScheme('<x xmlns="urn:x"/>'.repeat(65)), 'too-large', 'namespace declarations'],
  ['a DOCTYPE', afterDeclaration('<!DOCTYPE tsl:TrustServiceStatusList>'), UNSAFE, 'DOCTYPE'],
  ['an internal entity', afterDeclaration('<!DOCTYPE x [<!ENTITY e "text">]>'), UNSAFE, 'DOCTYPE'],
  ['an external entity', afterDeclaration('<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'), UNSAFE, 'DOCTYPE'],
  ['an external DTD', afterDeclaration('<!DOCTYPE x SYSTEM "http://127.0.0.1:1/x.dtd">'), UNSAFE, 'DOCTYPE'],
  ['a parameter entity', afterDeclaration('<!DOCTYPE x [<!ENTITY % e SYSTEM "file:///x"> %e;]>'), UNSAFE, 'DOCTYPE'],
  ['a billion laughs', afterDeclaration(`<!DOCTYPE x [<!ENTITY l0 "ha">${laughs}]>`), UNSAFE, 'DOCTYPE'],
  ['a DOCTYPE inside a comment', afterDeclaration('<!-- <!DOCTYPE x> -->'), UNSAFE, 'DOCTYPE'],
  ['an entity that is not declared', inScheme('&e;'), MALFORMED, 'not well-formed'],
  [
    'a style sheet',
    afterDeclaration('<?xml-stylesheet href="http://127.0.0.1:1/"?>'),
    UNSAFE,
    'processing instruction',
  ],
  ['a processing instruction inside', inScheme('<?x y?>'), UNSAFE, 'processing instruction'],
  [
    'an inclusion',
    inScheme('<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="file:///etc/passwd"/>'),
    INVALID,
    'altered',
  ],
  ['no signature', octets(unsigned), FORM, 'none'],
  ['two signatures', edited(signature, signature + signature), FORM, 'it has 2'],
  [
    'a second signature in the first',
    edited('</ds:SignatureValue>', `</ds:SignatureValue><ds:Object>${signature}</ds:Object>`),
    FORM,
    'it has 2',
  ],
  [
    'a signature elsewhere',
    octets(unsigned.replace('</tsl:SchemeInformation>', `${signature}</tsl:SchemeInformation>`)),
    FORM,
    'directly below',
  ],
  ['a detached signature as root', octets(signature), MALFORMED, 'not a TrustServiceStatusList'],
  ['a signature in another namespace', octets(sound.replaceAll(DS, 'http://example.com/')), FORM, 'none'],
  ['two SignedInfo', edited(signedInfo, signedInfo + signedInfo), FORM, 'SignatureValue does not follow'],
  ['no SignedInfo', edited(signedInfo, ''), FORM, 'SignedInfo'],
  [
    'a SignedInfo in an Object before',
    edited('<ds:SignedInfo>', `<ds:Object>${signedInfo}</ds:Object><ds:SignedInfo>`),
    FORM,
    'begin with SignedInfo',
  ],
  [
    'an Object that nothing covers',
    edited('</ds:Signature>', '<ds:Object><x/></ds:Object></ds:Signature>'),
    FORM,
    'no reference covers',
  ],
  [
    'another element in the signature',
    edited('</ds:Signature>', '<ds:Other/></ds:Signature>'),
    FORM,
    'something other',
  ],
  [
    'no signature value',
    edited('<ds:SignatureValue>', '<ds:SignatureValue></ds:SignatureValue><ds:SignatureValue>'),
    FORM,
    'something other|no base64',
  ],
  ['an empty signature value', octets(sound.replace(/(<ds:SignatureValue>)[^<]*/, '$1')), FORM, 'no base64'],
  ['a comment in the digest', edited(digest, `${digest}<!--AAAA-->`), FORM, 'comment'],
  ['a comment before the digest', edited('<ds:DigestValue>', '<ds:DigestValue><!--forged-->'), FORM, 'comment'],
  [
    'a digest in CDATA',
    octets(sound.replace(/<ds:DigestValue>([^<]*)/, '<ds:DigestValue><![CDATA[$1]]>')),
    FORM,
    'CDATA',
  ],
  ['an element in the digest', edited('</ds:DigestValue>', '<x/></ds:DigestValue>'), FORM, 'no base64'],
  [
    'two digests',
    edited('</ds:DigestValue>', '</ds:DigestValue><ds:DigestValue>AAAA</ds:DigestValue>'),
    FORM,
    'one DigestValue',
  ],
  ['no reference', octets(sound.replace(/<ds:Reference .*<\/ds:Reference>/, '')), FORM, '0 references'],
  [
    'the same reference twice',
    octets(sound.replace(/(<ds:Reference .*<\/ds:Reference>)/, '$1$1')),
    FORM,
    'not exactly one',
  ],
  ['a reference to a file', edited('URI=""', 'URI="file:///etc/passwd"'), FORM, 'not exactly one'],
  ['a reference to the network', edited('URI=""', 'URI="http://127.0.0.1:1/"'), FORM, 'not exactly one'],
  ['a reference without URI', edited(' URI=""', ''), FORM, 'not exactly one'],
  ['a reference by XPointer', edited('URI=""', 'URI="#xpointer(/)"'), FORM, 'not exactly one'],
  ['a signature by Id of the root', octets(moved), FORM, 'not exactly one'],
  [
    'a signature over the scheme alone',
    withSigned({ reference: { xpath: "//*[local-name(.)='SchemeInformation']", uri: '#scheme' } }),
    FORM,
    'not exactly one',
  ],
  ['wrapping: the signed list inside a forged one', around(withoutDeclaration(moved)), FORM, 'directly below'],
  [
    'wrapping: its signature lifted to the forged root',
    around(withoutDeclaration(moved).replace(/(<ds:Signature .*<\/ds:Signature>)(.*)/, '$2$1')),
    FORM,
    'not exactly one',
  ],
  [
    'wrapping: the signed list inside the signature',
    around(
      signature.replace('</ds:Signature>', `<ds:Object>${withoutDeclaration(unsigned)}</ds:Object></ds:Signature>`),
    ),
    FORM,
    'no reference covers',
  ],
  ['wrapping: a signature for the whole on a forged list', around(signature), INVALID, 'altered'],
  [
    'wrapping: a forged list beside the signed one',
    octets(`<all>${withoutDeclaration(sound)}${withoutDeclaration(forged)}</all>`),
    MALFORMED,
    'not a Trust',
  ],
  [
    'a reference beside, of no type',
    edited(' Type="http://uri.etsi.org/01903#SignedProperties"', '', xades),
    FORM,
    'neither the document',
  ],
  [
    'properties of the same Id elsewhere',
    edited('<tsl:SchemeInformation>', '<tsl:SchemeInformation Id="properties">', xades),
    FORM,
    'does not lead to',
  ],
  ['properties that are altered', edited('2026-11-01', '2026-11-02', xades), INVALID, 'altered'],
  ['properties that are missing', edited(' Id="properties"', ' Id="others"', xades), FORM, 'does not lead to'],
  [
    'a reference by a quoted Id',
    edited('URI="#properties"', `URI="#a' or '1'='1"`, xades),
    FORM,
    'neither the document',
  ],
  [
    'an XPath transform',
    edited(`${DS}enveloped-signature`, 'http://www.w3.org/TR/1999/REC-xpath-19991116'),
    FORM,
    'first transform',
  ],
  [
    'an XSLT transform',
    octets(
      sound.replace(
        /(<ds:Transform Algorithm=")http:\/\/www\.w3\.org\/2001[^"]*/,
        '$1http://www.w3.org/TR/1999/REC-xslt-19991116',
      ),
    ),
    ALGORITHM,
    'Transform',
  ],
  ['no transforms', octets(sound.replace(/<ds:Transforms>.*<\/ds:Transforms>/, '')), FORM, 'first transform'],
  [
    'too many transforms',
    edited('</ds:Transforms>', `<ds:Transform Algorithm="http://www.w3.org/2001/10/xml-exc-c14n#"/></ds:Transforms>`),
    FORM,
    'more transforms',
  ],
  [
    'canonicalization with comments',
    withSigned({ canonicalization: 'http://www.w3.org/2001/10/xml-exc-c14n#WithComments' }),
    ALGORITHM,
    'Canonicalization',
  ],
  ['HMAC', edited('http://www.w3.org/2001/04/xmldsig-more#rsa-sha256', `${DS}hmac-sha1`), ALGORITHM, 'hmac-sha1'],
  ['HMAC with SHA-256', edited('xmldsig-more#rsa-sha256', 'xmldsig-more#hmac-sha256'), ALGORITHM, 'hmac-sha256'],
  [
    'no signature algorithm',
    edited(' Algorithm="http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"', ''),
    ALGORITHM,
    'none',
  ],
  [
    'an algorithm called none',
    edited('http://www.w3.org/2001/04/xmldsig-more#rsa-sha256', 'none'),
    ALGORITHM,
    '"none"',
  ],
  [
    'another RSA algorithm than signed',
    edited('xmldsig-more#rsa-sha256', 'xmldsig-more#rsa-sha512'),
    INVALID,
    'altered',
  ],
  ['ECDSA for a key of RSA', edited('xmldsig-more#rsa-sha256', 'xmldsig-more#ecdsa-sha256'), ALGORITHM, 'ecdsa'],
  [
    'a truncated HMAC length',
    edited('rsa-sha256"/>', 'rsa-sha256"><ds:HMACOutputLength>1</ds:HMACOutputLength></ds:SignatureMethod>'),
    FORM,
    'parameters',
  ],
  ['RSA with SHA-1', withSigned({ signatureMethod: `${DS}rsa-sha1` }), ALGORITHM, 'weak SignatureMethod'],
  ['a SHA-1 digest', withSigned({ digestMethod: `${DS}sha1` }), ALGORITHM, 'weak DigestMethod'],
  [
    'an MD5 digest',
    edited('http://www.w3.org/2001/04/xmlenc#sha256', 'http://www.w3.org/2001/04/xmldsig-more#md5'),
    ALGORITHM,
    'md5',
  ],
  ['a changed octet', edited('Test OFTP2 TSL', 'Test OFTP2 TSM'), INVALID, 'altered'],
  ['a higher sequence number', edited('>7<', '>8<'), INVALID, 'altered'],
  ['an added attribute', edited('<tsl:SchemeInformation>', '<tsl:SchemeInformation x="">'), INVALID, 'altered'],
  ['an added space', edited('<tsl:SchemeInformation>', '<tsl:SchemeInformation> '), INVALID, 'altered'],
  ['a changed digest', edited(digest, '<ds:DigestValue>AAAA'), INVALID, 'altered'],
  ['a changed signature value', octets(sound.replace(/(<ds:SignatureValue>)..../, '$1AAAA')), INVALID, 'altered'],
  ['the signer of another', signTestTrustList(xml, forger), UNKNOWN, 'CN=Forger'],
  [
    'another who names the pinned signer',
    signTestTrustList(xml, forger, { keyInfo: Buffer.from(signer.certificate.der).toString('base64') }),
    INVALID,
    'no pinned',
  ],
  ['another who names nobody', signTestTrustList(xml, forger, { keyInfo: null }), INVALID, 'no pinned'],
  [
    'another whose KeyInfo is no certificate',
    signTestTrustList(xml, forger, { keyInfo: 'AAAA' }),
    INVALID,
    'no pinned',
  ],
];

describe('a hostile trust list', () => {
  it.each(HOSTILE)('with %s is refused', (_, list, code, says) => {
    expect(refusalOf(() => judge(list))).toBe(code);
    expect(messageOf(() => judge(list))).toMatch(new RegExp(says));
  });

  it('differs from the sound one by what is hostile alone', () => {
    expect(refusalOf(() => judge(octets(sound)))).toBe('accepted');
    expect(refusalOf(() => judge(octets(xades)))).toBe('accepted');
  });

  it('may carry comments and a byte order mark, which nobody signs and nobody reads', () => {
    const commented = Buffer.concat([
      Buffer.of(0xef, 0xbb, 0xbf),
      edited('Test OFTP2 TSL', 'Test <!-- forged -->OFTP2 TSL'),
    ]);
    expect(readTrustList(judge(commented).signedOctets).schemeName).toBe('Test OFTP2 TSL');
  });

  it('signed over SHA-1, or by a small key, is taken where that is allowed', () => {
    const old = withSigned({ signatureMethod: `${DS}rsa-sha1`, digestMethod: `${DS}sha1` });
    const policy = { signers: [signer.certificate], weakAlgorithms: 'allow' } as const;
    expect(refusalOf(() => verifyTrustList(old, policy))).toBe('accepted');
    const small = signTestTrustList(xml, weakSigner);
    const signers = [weakSigner.certificate];
    expect(refusalOf(() => verifyTrustList(small, { signers }))).toBe(INVALID);
    expect(refusalOf(() => verifyTrustList(small, { signers, weakAlgorithms: 'allow' }))).toBe('accepted');
  });

  it('is not taken without a pinned signer, and is not tried with any number of them', () => {
    expect(refusalOf(() => verifyTrustList(octets(sound), { signers: [] }))).toBe(UNKNOWN);
    const many = Array.from({ length: 5 }, () => signer.certificate);
    expect(refusalOf(() => verifyTrustList(octets(sound), { signers: many }))).toBe('too-large');
  });

  it('of any other octets is refused by name, or says what the signer said', () => {
    const said = judge(octets(sound)).signedOctets;
    fc.assert(
      fc.property(mutated([octets(sound), octets(xades)]), (list) => {
        const code = refusalOf(() => judge(list));
        if (code === 'accepted') {
          // What was not signed, as KeyInfo, may change; what is read may not.
          const read = readTrustList(judge(list).signedOctets);
          expect(read).toEqual(readTrustList(said));
        }
      }),
      { numRuns: 300 },
    );
  });
});
