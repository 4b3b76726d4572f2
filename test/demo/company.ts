import 'reflect-metadata';
import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { webcrypto } from 'node:crypto';
import { join } from 'node:path';
import { certificateToPem, readOneCertificate, type Certificate } from '@certlane/pki';
import { testCa, type TestCa } from '@certlane/pki/testing';
import * as x509 from '@peculiar/x509';
import { RunningStation } from '../support/running-station.js';
import { Subscriber } from './subscriber.js';

const DAY = 86_400_000;
const SIGNING = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' };

/** One of the two companies: an authority, a station of its own, and the folder where its operator keeps files. */
export class Company {
  private constructor(
    readonly name: string,
    readonly odetteId: string,
    readonly password: string,
    readonly ca: TestCa,
    readonly files: string,
    readonly station: RunningStation,
    /** An internal service of the company that listens to its station's events. */
    readonly subscriber: Subscriber,
  ) {}

  /** Makes the authority and starts the station. */
  static async found(name: string, odetteId: string, password: string, folder: string): Promise<Company> {
    const files = await mkdtemp(join(folder, `${name.toLowerCase()}-files-`));
    const starting = RunningStation.start(join(folder, name.toLowerCase()));
    const ca = testCa({ name });
    const station = await starting;
    const company = new Company(name, odetteId, password, ca, files, station, await Subscriber.join(station));
    await company.write('authority.pem', certificateToPem(company.ca.authority.certificate));
    return company;
  }

  get host(): string {
    return `oftp.${this.name.toLowerCase()}.example`;
  }

  /** Subject of the station's certificates: the same for each, so that a new one is a renewal. */
  get subject(): string {
    return `CN=${this.host},O=${this.name},C=DE`;
  }

  /** Common name of the OFTP2 authority. */
  get authority(): string {
    return `${this.name} OFTP2 CA`;
  }

  /** Puts a file into the operator's folder. */
  async write(name: string, content: string | Uint8Array): Promise<string> {
    const path = join(this.files, name);
    await writeFile(path, content);
    return path;
  }

  /**
   * The authority answers a certification request with a certificate of the OFTP2 profile; `year` 1 ends in a year, 2 a year
   * later: a renewal ends later than what it renews.
   */
  async sign(requestPem: string, year: number): Promise<Certificate> {
    const request = new x509.Pkcs10CertificateRequest(requestPem);
    if (!(await request.verify(webcrypto))) throw new Error('the certification request is not signed with its own key');
    const pkcs8 = this.ca.authority.privateKey.export({ format: 'der', type: 'pkcs8' });
    const signingKey = await webcrypto.subtle.importKey('pkcs8', Uint8Array.from(pkcs8), SIGNING, false, ['sign']);
    const names = request.getExtension('2.5.29.17');
    const made = await x509.X509CertificateGenerator.create(
      {
        subject: request.subject,
        issuer: new x509.X509Certificate(Uint8Array.from(this.ca.authority.certificate.der)).subject,
        publicKey: request.publicKey,
        signingKey,
        signingAlgorithm: SIGNING,
        notBefore: new Date(Date.now() - DAY + year),
        notAfter: new Date(Date.now() + year * 365 * DAY),
        extensions: [
          new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature | x509.KeyUsageFlags.keyEncipherment, true),
          new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth, x509.ExtendedKeyUsage.clientAuth]),
          ...(names === null ? [] : [names]),
        ],
      },
      webcrypto,
    );
    return readOneCertificate(new Uint8Array(made.rawData));
  }

  /** A new certificate: key and request made in the gateway, signed by the authority, imported; the fingerprint. */
  async newCertificate(year: number): Promise<string> {
    const request = join(this.files, `request-${year}.pem`);
    const of = ['--station', this.odetteId];
    await this.station.ok('certificate', 'create', ...of, '--subject', this.subject, '--csr', request);
    const file = await this.write(
      `certificate-${year}.pem`,
      certificateToPem(await this.sign(await readFile(request, 'utf8'), year)),
    );
    const imported = await this.station.ok<{ certificate: { fingerprint: string } }>(
      'certificate',
      'import',
      ...of,
      '--cert',
      file,
    );
    return imported.certificate.fingerprint;
  }

  /** Uses a certificate for everything from now on. */
  async activate(fingerprint: string): Promise<void> {
    await this.station.ok('certificate', 'activate', fingerprint, '--station', this.odetteId, '--usage', 'all');
  }

  /** Closes everything; the exit status of `certlane up`. */
  async close(): Promise<number | null> {
    await this.subscriber.leave();
    return this.station.stop();
  }
}
