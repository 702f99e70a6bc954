/** A promise that somebody else settles. */
export interface OpenPromise<T> {
  readonly promise: Promise<T>;
  readonly resolve: (value: T) => void;
  readonly reject: (reason: Error) => void;
}

/** What Promise.withResolvers gives in Node.js 22. */
export function openPromise<T>(): OpenPromise<T> {
  const functions: Pick<OpenPromise<T>, 'resolve' | 'reject'>[] = [];
  const promise = new Promise<T>((resolve, reject) => {
    functions.push({ resolve, reject });
  });
  const [settle] = functions;
  if (settle === undefined) throw new Error('a promise runs its executor at once');
  return { promise, ...settle };
}
