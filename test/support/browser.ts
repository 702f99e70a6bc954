import { existsSync } from 'node:fs';
import { env } from 'node:process';
import { chromium, type Browser, type BrowserContext, type BrowserContextOptions, type Page } from 'playwright-core';

const executablePath = env['CHROMIUM'] ?? '/usr/bin/chromium';

/** Whether a browser test can run here; on CI it must, so a missing browser fails there. */
export const browserMissing: boolean = !existsSync(executablePath) && env['CI'] !== 'true';

/** Debian's Chromium (or the one that CHROMIUM names), without the traffic of its own. */
export function launchBrowser(): Promise<Browser> {
  const quiet = ['--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'];
  return chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu', ...quiet] });
}

/** A page on a file, and all that it did which a report must not do. */
export interface OpenedPage {
  readonly page: Page;
  readonly context: BrowserContext;
  /** Console messages, errors, dialogs, and requests other than that of the file itself. */
  readonly complaints: readonly string[];
}

/** Opens a file without network and records every complaint. */
export async function openFile(
  browser: Browser,
  file: string,
  fragment = '',
  options: BrowserContextOptions = {},
): Promise<OpenedPage> {
  const context = await browser.newContext({ offline: true, viewport: { width: 1440, height: 900 }, ...options });
  const page = await context.newPage();
  const complaints: string[] = [];
  const address = `file://${file}`;
  page.on('console', (message) => complaints.push(`console: ${message.text()}`));
  page.on('pageerror', (error) => complaints.push(`error: ${error.message}`));
  page.on('dialog', (dialog) => {
    complaints.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on('request', (request) => {
    if (request.url() !== address) complaints.push(`request: ${request.url()}`);
  });
  await page.goto(address + fragment);
  if (options.javaScriptEnabled !== false) await page.locator('html.live').waitFor({ state: 'attached' });
  return { page, context, complaints };
}
