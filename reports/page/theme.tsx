import type { JSX } from 'preact';
import { useEffect } from 'preact/hooks';
import { useChoices } from './address.ts';
import type { Choices } from './choices.ts';

const order: readonly Choices['theme'][] = ['', 'light', 'dark'];

/** Goes through the themes: that of the system, light, dark. */
export function ThemeButton(): JSX.Element {
  const [{ theme }, choose] = useChoices();
  useEffect(() => {
    document.documentElement.dataset['theme'] = theme;
  }, [theme]);
  const next = order[(order.indexOf(theme) + 1) % order.length] ?? '';
  return (
    <button type="button" class="quiet" onClick={() => choose({ theme: next })}>
      Theme: {theme === '' ? 'system' : theme}
    </button>
  );
}
