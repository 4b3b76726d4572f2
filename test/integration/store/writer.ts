import { mutate } from '@certlane/runtime';
import { KEYS, messagesOf, openLedger, type Place } from './ledger.js';

// A process that counts documents up for as long as it is left alive, and says of each change that it stands.
const place = JSON.parse(process.argv[2] ?? '') as Place;
const { documents } = await openLedger(place, { clearAfterMs: 30, graceMs: 200 });
for (;;) {
  const key = KEYS[Math.floor(Math.random() * KEYS.length)] ?? 'a';
  try {
    const count = await mutate(documents, key, (current) => {
      const next = (current?.count ?? 0) + 1;
      return { do: 'write', value: { count: next }, messages: messagesOf(key, next), result: next };
    });
    process.stdout.write(`${key} ${count}\n`);
  } catch {
    // The bus or the store is away: nothing was promised.
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
