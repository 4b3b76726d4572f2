/** The bus, as a command uses it: loading all that a service is made of would take longer than most commands run. */
export * from '@certlane/runtime/client';
