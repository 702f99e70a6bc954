import type { Report } from '../contracts/report.ts';

/** What a renderer may be told; each one takes what it understands. */
export interface RenderOptions {
  /** Width of terminal text, in columns. */
  readonly columns?: number;
  /** Whether terminal text may carry colour; never where the stream is no terminal. */
  readonly colour?: boolean;
  /** The script and style of the HTML page, where they are not those of dist/page. */
  readonly page?: PageAssets;
}

/** The bundled script and the style of the HTML page. */
export interface PageAssets {
  readonly script: string;
  readonly style: string;
}

/** Turns a report into text. Pure: the same report and options give the same text, and the exit code is not its business. */
export type Render = (report: Report, options?: RenderOptions) => string;

/** A format of the report. */
export interface Renderer {
  /** What `-o` takes. */
  readonly name: string;
  /** File name extension, without the dot. */
  readonly extension: string;
  readonly mediaType: string;
  /** One line for --help. */
  readonly description: string;
  readonly load: () => Promise<Render>;
}
