import { useEffect, useState } from 'preact/hooks';
import { choicesFrom, fragmentOf, type Choices } from './choices.ts';

let current = choicesFrom(location.hash);
const readers = new Set<(choices: Choices) => void>();

addEventListener('hashchange', () => {
  const given = choicesFrom(location.hash);
  if (fragmentOf(given) !== fragmentOf(current)) show(given);
});

/** The choices of the address bar, and a way to change some of them. */
export function useChoices(): readonly [Choices, (change: Partial<Choices>) => void] {
  const [choices, setChoices] = useState(current);
  useEffect(() => {
    readers.add(setChoices);
    return () => {
      readers.delete(setChoices);
    };
  }, []);
  return [choices, choose];
}

function choose(change: Partial<Choices>): void {
  show({ ...current, ...change });
  // Replacing leaves no trail in the history and works from file:// too. An empty fragment would scroll to the top.
  location.replace(`#${fragmentOf(current) || 'all'}`);
}

function show(choices: Choices): void {
  current = choices;
  for (const read of readers) read(choices);
}
