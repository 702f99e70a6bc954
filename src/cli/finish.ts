/** How a command says its exit code, since commander's actions return nothing. */
export type Finish = (exitCode: number) => void;
