/** Exit codes of the program, by meaning; see README, "Exit codes". */
export const exitCodes = {
  compliant: 0,
  nonCompliant: 1,
  invalidInput: 2,
  incomplete: 3,
  notAssessed: 4,
  internalError: 70,
  SIGINT: 130,
  SIGTERM: 143,
} as const;

/** One thing that is wrong in what the user gave, and where; lines and columns count from 1. */
export interface Problem {
  readonly file?: string;
  readonly line?: number;
  readonly column?: number;
  /** Path inside the document, such as hosts.web01.port. */
  readonly path?: string;
  /** What is wrong, what was expected, what to do next. */
  readonly message: string;
}

/** The user's input (arguments, inventory, rules, snapshot, report) is wrong: nothing was scanned, exit code 2. */
export class InputError extends Error {
  override readonly name = 'InputError';
  readonly exitCode = exitCodes.invalidInput;
  readonly problems: readonly Problem[];

  constructor(problems: readonly Problem[]) {
    super(problems.map(formatProblem).join('\n'));
    this.problems = problems;
  }
}

/** `file:line:column: path: message`, leaving out what is not known. */
export function formatProblem(problem: Problem): string {
  const position = [problem.file, problem.line, problem.column].filter((part) => part !== undefined).join(':');
  return [position, problem.path, problem.message].filter((part) => part !== undefined && part !== '').join(': ');
}
