/** The bus, as a command uses it: loading all that a service is made of would take longer than most commands run. */
// eslint-disable-next-line @typescript-eslint/no-restricted-imports -- the entry made for callers like this one
export * from '@certlane/runtime/client';
