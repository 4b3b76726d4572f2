import { SfnaReason } from '@certlane/oftp2';
import type { FileAcceptance } from '@certlane/session-gateway/testing';

/** Takes payload files of one name and forgets them; refuses all others. */
export function payloadSink(datasetName: string, maximumOctets = 1_000_000n): FileAcceptance {
  return {
    offered: (file) => {
      if (file.SFIDDSN !== datasetName) {
        return { accepted: false, reason: SfnaReason.fileDirectionRefused, text: 'not this file', retry: false };
      }
      const intake = {
        maximumOctets,
        restartPosition: 0n,
        write: () => undefined,
        complete: () => Promise.resolve({ stored: true, owing: false } as const),
        abandon: () => undefined,
      };
      return { accepted: true, intake };
    },
  };
}
