// Pictures of the example report for the documentation: light and dark, on a desk and on a telephone. Needs Chromium.
import { mkdir } from 'node:fs/promises';
import { chromium } from 'playwright-core';

const example = new URL('../reports/example/report.html', import.meta.url);
const images = new URL('../docs/images/', import.meta.url);
await mkdir(images, { recursive: true });

const browser = await chromium.launch({
  executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking'],
});
for (const width of [1440, 390]) {
  for (const colorScheme of ['light', 'dark']) {
    const page = await browser.newPage({ viewport: { width, height: 1400 }, colorScheme });
    await page.goto(example.href);
    await page.locator('html.live').waitFor({ state: 'attached' });
    await page.screenshot({ path: new URL(`report-${colorScheme}-${width}.png`, images).pathname });
    await page.close();
  }
}
await browser.close();
