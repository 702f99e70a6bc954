import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { renderHtml } from '../../src/report/html.ts';
import { renderJson } from '../../src/report/json.ts';
import { cases } from '../report/fixtures/cases.ts';
import { largeFleet } from '../report/fixtures/large.ts';
import { browserMissing, launchBrowser, openFile } from '../support/browser.ts';

let browser: Browser;
let folder: string;

beforeAll(async () => {
  if (browserMissing) return;
  folder = await mkdtemp(join(tmpdir(), 'dsr-audit-page-'));
  browser = await launchBrowser();
  for (const [name, report] of cases) await writeFile(join(folder, `${name}.html`), renderHtml(report));
});

afterAll(async () => {
  if (browserMissing) return;
  await browser.close();
  await rm(folder, { recursive: true });
});

const file = (name: string): string => join(folder, `${name}.html`);
const fragment = (page: Page): Promise<string> => page.evaluate('decodeURIComponent(location.hash)');
const focused = (page: Page): Promise<string> => page.evaluate('document.activeElement.textContent.trim()');
const nodes = (page: Page): Promise<number> => page.evaluate('document.querySelectorAll("*").length');

// Another choice of the reader, as a link within the page would make it.
const follow = (page: Page, chosen: string): Promise<void> =>
  page.evaluate(`new Promise((resolve) => {
    location.hash = ${JSON.stringify(chosen)};
    setTimeout(resolve, 50);
  })`);

// What opens may hold more that opens; its content is made when the browser says that it was opened.
const openAll = (page: Page): Promise<void> =>
  page.evaluate(`(async () => {
    for (let closed = 1; closed > 0; ) {
      const folds = document.querySelectorAll('#app details:not([open])');
      for (const fold of folds) fold.open = true;
      closed = folds.length;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  })()`);

describe.skipIf(browserMissing)('report page', () => {
  it.each([...cases.keys()])('opens %s from a file without a request, an error or a dialog', async (name) => {
    const { page, context, complaints } = await openFile(browser, file(name));
    for (const fragment of ['#view=rule', '#view=host', '#view=vip']) {
      await follow(page, fragment);
      await openAll(page);
    }
    expect(complaints).toEqual([]);
    await context.close();
  });

  it('shows hostile text as text', async () => {
    const { page, context, complaints } = await openFile(browser, file('hostile-text'), '#view=host');
    for (const [index, host] of (await page.locator('.matrix .host button').all()).entries()) {
      await host.click();
      await page.locator('dialog').getByRole('button', { name: 'Close' }).click();
      if (index === 0) await page.getByRole('searchbox').fill('<img');
      if (index === 0) await page.getByRole('searchbox').fill('');
    }
    await expect
      .poll(() => page.locator('img, iframe, object, embed, base, form[action], [style*="url"]').count())
      .toBe(0);
    await expect.poll(() => page.locator('script').count()).toBe(2);
    await expect
      .poll(() => page.evaluate('[...document.links].map((link) => link.getAttribute("href"))'))
      .toEqual(['#findings']);
    await expect(page.locator('h3').getByText('<img src=x onerror=alert(3)>').count()).resolves.toBeGreaterThan(0);
    const text: string = await page.evaluate('document.body.innerText');
    expect(text).toContain(String.raw`\u202e`);
    expect(text.replaceAll(/[\n\t]/g, '')).not.toMatch(/[\p{Cc}\p{Cf}]/u);
    expect(complaints).toEqual([]);
    await context.close();
  });

  it('is used with the keyboard alone', async () => {
    const { page, context } = await openFile(browser, file('broken-fleet'));
    const { keyboard } = page;
    await keyboard.press('Tab');
    await expect.poll(() => focused(page)).toBe('Skip to the findings');
    await keyboard.press('Enter');
    await expect.poll(() => page.evaluate('document.activeElement.id')).toBe('findings');
    await expect.poll(() => fragment(page)).toBe('');

    await keyboard.press('/');
    await keyboard.type('web04');
    await expect.poll(() => fragment(page)).toBe('#q=web04');
    await expect.poll(() => page.locator('.status').textContent()).toBe('3 of 11 failures, 1 of 10 hosts');
    await keyboard.press('Tab');
    await expect.poll(() => focused(page)).toContain('critical');
    await keyboard.press('Space');
    await expect.poll(() => page.locator('.status').textContent()).toBe('2 of 11 failures, 1 of 10 hosts');

    await page.getByRole('button', { name: 'By host' }).focus();
    await keyboard.press('Enter');
    await expect.poll(() => fragment(page)).toBe('#view=host&severity=critical&q=web04');
    await page.locator('.card summary').first().focus();
    await keyboard.press('Enter');
    await expect.poll(() => page.locator('.card').first().getAttribute('open')).toBeNull();

    await page.locator('.matrix').getByRole('button', { name: 'web04' }).focus();
    await keyboard.press('Enter');
    await expect.poll(() => page.getByRole('dialog', { name: 'web04' }).isVisible()).toBe(true);
    await expect.poll(() => focused(page)).toBe('Close');
    await keyboard.press('Escape');
    await expect.poll(() => page.getByRole('dialog').count()).toBe(0);
    await expect.poll(() => fragment(page)).toBe('#view=host&severity=critical&q=web04');

    await page.getByRole('button', { name: 'Clear filters' }).press('Enter');
    await expect.poll(() => fragment(page)).toBe('#view=host');
    await context.close();
  });

  it('restores what a link says', async () => {
    const link = '#view=vip&severity=medium&platform=linux&tag=lyon&theme=dark&host=web06';
    const { page, context } = await openFile(browser, file('broken-fleet'), link);
    await expect.poll(() => page.getByRole('dialog', { name: 'web06' }).isVisible()).toBe(true);
    await page.keyboard.press('Escape');
    await expect.poll(() => page.locator('[aria-pressed=true]').allTextContents()).toEqual(['medium 3', 'By VIP']);
    await expect.poll(() => page.getByLabel('Platform').inputValue()).toBe('linux');
    await expect.poll(() => page.getByLabel('Tag').inputValue()).toBe('lyon');
    await expect.poll(() => page.locator('.status').textContent()).toBe('2 of 11 failures, 2 of 10 hosts');
    await expect.poll(() => page.evaluate('getComputedStyle(document.documentElement).colorScheme')).toBe('dark');
    await page.evaluate('location.hash = "#view=rule&q=prefix"');
    await page.getByText('1 of 11 failures').waitFor();
    await expect.poll(() => page.getByRole('searchbox').inputValue()).toBe('prefix');
    await context.close();
  });

  it.each(['clipboard API', 'selection'])('copies a command and a whole fix (%s)', async (way) => {
    const { page, context, complaints } = await openFile(browser, file('broken-fleet'), '#q=arp-ignore', {
      permissions: ['clipboard-read', 'clipboard-write'],
    });
    if (way === 'selection') await page.evaluate('Object.defineProperty(navigator, "clipboard", { value: undefined })');
    const pasted = async (): Promise<string> => {
      await page.evaluate(`{
        const area = document.createElement('textarea');
        area.id = 'paste';
        document.body.append(area);
        area.focus();
      }`);
      await page.keyboard.press('Control+V');
      const text: string = await page.evaluate('document.querySelector("#paste").value');
      await page.evaluate('document.querySelector("#paste").remove()');
      return text;
    };
    await page.getByRole('button', { name: 'Copy', exact: true }).first().press('Enter');
    await page.getByRole('button', { name: 'Copied' }).waitFor();
    expect(await pasted()).toBe('sysctl -w net.ipv4.conf.all.arp_ignore=1');
    await page.getByRole('button', { name: 'Copy the whole fix' }).press('Enter');
    await page.locator('.label').getByRole('button', { name: 'Copied' }).waitFor();
    expect(await pasted()).toBe(
      [
        '# Set it for all interfaces; the kernel takes the greater of all and the interface.',
        'sysctl -w net.ipv4.conf.all.arp_ignore=1',
        '# Keep it over a reboot.',
        String.raw`printf '%s\n' 'net.ipv4.conf.all.arp_ignore = 1' >> /etc/sysctl.d/90-dsr.conf`,
        '',
      ].join('\n'),
    );
    expect(complaints).toEqual([]);
    await context.close();
  });

  it('prints every failing host and fix, whatever is filtered', async () => {
    const { page, context } = await openFile(browser, file('broken-fleet'), '#q=nothing+like+this&theme=dark');
    await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
    const text: string = await page.evaluate('document.body.innerText');
    for (const name of ['web02', 'web03', 'web04', 'web05', 'web06', 'web07', 'web08', 'win02'])
      expect(text).toContain(name);
    expect(text).toContain('ip address del 10.77.0.100/24 dev eth0');
    expect(text).toContain('Host key changed');
    await expect.poll(() => page.locator('#app').isVisible()).toBe(false);
    await expect
      .poll(() => page.evaluate('getComputedStyle(document.body).backgroundColor'))
      .toBe('rgb(255, 255, 255)');
    await context.close();
  });

  it('tells the same without its script', async () => {
    const { page, context, complaints } = await openFile(browser, file('broken-fleet'), '', {
      javaScriptEnabled: false,
    });
    const text = await page.locator('body').innerText();
    for (const name of ['web02', 'web03', 'web04', 'web05', 'web06', 'web07', 'web08', 'win02'])
      expect(text).toContain(name);
    expect(text).toContain('sysctl -w net.ipv4.conf.all.arp_ignore=1');
    await expect.poll(() => page.locator('#printed').isVisible()).toBe(true);
    expect(complaints).toEqual([]);
    await context.close();
  });

  it.each([320, 390, 1440])('needs no sideways scrolling of the page at %i px', async (width) => {
    for (const name of ['broken-fleet', 'hostile-text', 'compliant']) {
      const { page, context } = await openFile(browser, file(name), '', { viewport: { width, height: 800 } });
      for (const fragment of ['#view=rule', '#view=host', '#view=vip']) {
        await follow(page, fragment);
        await openAll(page);
        const wide = await page.evaluate('document.documentElement.scrollWidth');
        expect(wide, `${name} ${fragment}`).toBeLessThanOrEqual(width);
      }
      await context.close();
    }
  });

  it('keeps 10,000 hosts by 20 checks within few elements', async () => {
    const report = largeFleet(10_000, 4);
    expect(report.hosts[0]?.results.length).toBeGreaterThanOrEqual(20);
    const document = renderHtml(report);
    expect(document).toContain('data-encoding="gzip"');
    await writeFile(file('large'), document);
    for (const view of ['rule', 'host', 'vip']) {
      const { page, context, complaints } = await openFile(browser, file('large'), `#view=${view}`);
      expect(await nodes(page)).toBeLessThan(6000);
      const matrix = page.locator('.matrix');
      expect(await matrix.getByRole('table').getAttribute('aria-rowcount')).toBe('10001');
      await page.evaluate('document.querySelector(".matrix").scrollTop = 1e7');
      await matrix.getByRole('button', { name: 'host09999' }).waitFor();
      expect(await nodes(page)).toBeLessThan(6000);
      await page.getByRole('searchbox').fill('host00004');
      await page.getByText(/of \d+ failures, 1 of 10000 hosts/).waitFor();
      expect(await matrix.locator('tbody .host').allTextContents()).toEqual(['host00004']);
      expect(complaints).toEqual([]);
      await context.close();
    }
  });
});

// Text is judged against the first opaque ground behind it; large text (24 px, or 18.7 px bold) needs 3, other text 4.5.
const poorContrast = `(() => {
  const channels = (colour) => (colour.match(/[\\d.]+/g) ?? []).map(Number);
  const luminance = ([r, g, b]) => {
    const linear = [r, g, b].map((value) => value / 255).map((value) => (value <= 0.03928 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4));
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2];
  };
  const ground = (element) => {
    for (let at = element; at !== null; at = at.parentElement) {
      const colour = channels(getComputedStyle(at).backgroundColor);
      if (colour.length === 3 || colour[3] === 1) return colour;
    }
    return [255, 255, 255];
  };
  const poor = [];
  let judged = 0;
  for (const element of document.querySelectorAll('body *')) {
    const own = [...element.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim() !== '');
    if (!own || !element.checkVisibility({ visibilityProperty: true }) || element.closest('script, .offscreen, .skip')) continue;
    const style = getComputedStyle(element);
    const [lighter, darker] = [luminance(channels(style.color)), luminance(ground(element))].sort((a, b) => b - a);
    const ratio = (lighter + 0.05) / (darker + 0.05);
    const size = parseFloat(style.fontSize);
    const large = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
    judged += 1;
    if (ratio < (large ? 3 : 4.5)) poor.push(element.className + ' ' + element.textContent.slice(0, 40) + ' ' + ratio.toFixed(2));
  }
  return { poor, judged };
})()`;

const unnamedControls = `[...document.querySelectorAll('button, input, select, summary, [role=region], [role=group], dialog, table')]
  .filter((element) => element.checkVisibility())
  .filter((element) => {
    const labelled = element.getAttribute('aria-labelledby');
    const name = [
      element.getAttribute('aria-label'),
      labelled === null ? '' : document.getElementById(labelled)?.textContent,
      element.labels?.[0]?.textContent,
      element.caption?.textContent,
      element.matches('button, summary') ? element.textContent : '',
      element.closest('[role=region]') === element ? '' : element.closest('[role=region]')?.getAttribute('aria-labelledby'),
    ];
    return !name.some((text) => (text ?? '').trim() !== '');
  })
  .map((element) => element.outerHTML.slice(0, 120))`;

describe.skipIf(browserMissing)('accessibility of the report page', () => {
  it.each(['light', 'dark'] as const)('has enough contrast in the %s theme', async (colorScheme) => {
    for (const name of cases.keys()) {
      const { page, context } = await openFile(browser, file(name), '', { colorScheme });
      for (const fragment of ['#view=rule', '#view=host', '#view=vip&severity=critical', '#host=win02']) {
        await follow(page, fragment);
        await openAll(page);
        const { poor, judged } = await page.evaluate<{ poor: string[]; judged: number }>(poorContrast);
        expect(poor, `${name} ${fragment}`).toEqual([]);
        expect(judged).toBeGreaterThan(20);
      }
      await context.close();
    }
  });

  it('names every control, orders its headings, and uses no id twice', async () => {
    for (const name of ['broken-fleet', 'compliant', 'nothing-assessed']) {
      const { page, context } = await openFile(browser, file(name));
      for (const fragment of ['#view=rule', '#view=host', '#view=vip', '#host=web02']) {
        await follow(page, fragment);
        await openAll(page);
        expect(await page.evaluate(unnamedControls), `${name} ${fragment}`).toEqual([]);
        const levels: number[] = await page.evaluate(`[...document.querySelectorAll('h1, h2, h3, h4, h5, h6')]
          .filter((heading) => heading.checkVisibility()).map((heading) => Number(heading.tagName[1]))`);
        expect(levels.filter((level, index) => level > (levels[index - 1] ?? 0) + 1)).toEqual([]);
        expect(levels.filter((level) => level === 1)).toHaveLength(1);
        const ids: string[] = await page.evaluate('[...document.querySelectorAll("[id]")].map(({ id }) => id)');
        expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([]);
        await expect.poll(() => page.evaluate('document.documentElement.lang')).toBe('en');
      }
      await context.close();
    }
  });

  it('says a result in words where it shows a sign', async () => {
    const { page, context } = await openFile(browser, file('broken-fleet'));
    const row = page.locator('.matrix').getByRole('row', { name: 'web04' });
    expect(await row.getByRole('cell', { name: 'fail' }).count()).toBe(3);
    expect(await row.getByRole('cell', { name: 'non-compliant' }).count()).toBe(2);
    await context.close();
  });
});

describe('example report', () => {
  const example = new URL('../../reports/example/', import.meta.url);

  it("is rendered from its own report by today's renderer (npm run example)", async () => {
    const report = JSON.parse(await readFile(new URL('report.json', example), 'utf8')) as Parameters<
      typeof renderHtml
    >[0];
    expect(await readFile(new URL('report.html', example), 'utf8')).toBe(renderHtml(report));
    expect(await readFile(new URL('report.json', example), 'utf8')).toBe(renderJson(report));
  });
});
