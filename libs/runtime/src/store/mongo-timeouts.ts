/** How long a client of MongoDB waits. What the URL says of a time-out is the operator's wish and goes before ours. */
export function mongoTimeouts(url: string, milliseconds: number): Record<string, number> {
  const ours = {
    serverSelectionTimeoutMS: milliseconds,
    connectTimeoutMS: milliseconds,
    socketTimeoutMS: 4 * milliseconds,
  };
  return Object.fromEntries(Object.entries(ours).filter(([name]) => !url.includes(`${name}=`)));
}
