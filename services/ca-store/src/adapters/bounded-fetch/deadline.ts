/**
 * Acts with a signal that is aborted when the time is up or when `outer` is. No timer and no listener stays behind.
 * @param late the reason the signal is aborted with when the time is up
 * @param act has to settle soon after its signal is aborted
 */
export async function within<T>(
  milliseconds: number,
  late: Error,
  outer: AbortSignal | undefined,
  act: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const controller = new AbortController();
  const follow = (): void => controller.abort(outer?.reason);
  if (outer?.aborted === true) follow();
  outer?.addEventListener('abort', follow, { once: true });
  const timer = setTimeout(() => controller.abort(late), milliseconds);
  try {
    return await act(controller.signal);
  } finally {
    clearTimeout(timer);
    outer?.removeEventListener('abort', follow);
  }
}

/**
 * A promise for something that is made of events. It is rejected with the reason of the signal as soon as that is aborted.
 * @param start begins; returns what is to be done when the outcome is known, whatever it is. What it reports after that
 *   is not heard
 */
export async function outcomeOf<T>(
  signal: AbortSignal,
  start: (resolve: (value: T) => void, reject: (error: Error) => void) => (outcome: 'resolved' | 'rejected') => void,
): Promise<T> {
  signal.throwIfAborted();
  let stop: () => void = () => undefined;
  let finish: (outcome: 'resolved' | 'rejected') => void = () => undefined;
  try {
    const value = await new Promise<T>((resolve, reject) => {
      stop = () => reject(signal.reason as Error);
      signal.addEventListener('abort', stop, { once: true });
      finish = start(resolve, reject);
    });
    finish('resolved');
    return value;
  } catch (error) {
    finish('rejected');
    throw error;
  } finally {
    signal.removeEventListener('abort', stop);
  }
}
