import { ca, type ParsedRequestOf, type ReplyOf } from '@certlane/contracts';
import { Serves } from '@certlane/runtime';
import { Controller, Inject } from '@nestjs/common';
import { receivePart } from '../domain/upload-part.js';
import { UPLOADS, type Uploads } from '../ports/uploads.js';

/** Requests that hand over lists part by part. */
@Controller()
export class ContentHandlers {
  readonly #uploads: Uploads;

  constructor(@Inject(UPLOADS) uploads: Uploads) {
    this.#uploads = uploads;
  }

  @Serves(ca.contentPut)
  async put(part: ParsedRequestOf<typeof ca.contentPut>): Promise<ReplyOf<typeof ca.contentPut>> {
    return { complete: await this.#uploads.take(receivePart(part)) };
  }
}
