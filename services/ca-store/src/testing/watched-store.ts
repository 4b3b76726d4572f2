import type { MemoryStore } from '@certlane/runtime/testing';

type Collection = ReturnType<MemoryStore['collection']>;

/** A store whose collections are seen through `watch`. */
export const watched = (
  store: MemoryStore,
  watch: (name: string, documents: Collection) => Partial<Collection>,
): MemoryStore =>
  Object.assign(Object.create(store) as MemoryStore, {
    collection: (definition: Parameters<MemoryStore['collection']>[0]) => {
      const documents = store.collection(definition);
      const watching = watch(definition.name, documents);
      return new Proxy(documents, {
        get: (_documents, name) => {
          const act: unknown = Reflect.get(name in watching ? watching : documents, name);
          // What is not watched has private fields, which no other object has.
          return typeof act === 'function' ? (act.bind(documents) as unknown) : act;
        },
      });
    },
  });

/** A store of a process that dies after so many writes. */
export const dyingAfter = (store: MemoryStore, writes: number): MemoryStore => {
  let left = writes;
  const live = (): void => {
    if (left === 0) throw new Error('killed');
    left -= 1;
  };
  return watched(store, (_name, documents) => ({
    create: async (...document) => {
      live();
      return documents.create(...document);
    },
    update: async (...document) => {
      live();
      return documents.update(...document);
    },
    remove: async (...document) => {
      live();
      return documents.remove(...document);
    },
  }));
};
