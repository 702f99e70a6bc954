#!/usr/bin/env node
// Stands in for `powershell -NoExit -Command -`: runs line by line what node-powershell types, and answers the remoting
// command as the variable DSR_AUDIT_STAND_IN says. Everything around it (the library, its queue, the streams, the
// deadlines) is real.
import { createInterface } from 'node:readline';
import { readFileSync, writeFileSync } from 'node:fs';

const mode = process.env.DSR_AUDIT_STAND_IN;
writeFileSync(
  process.env.DSR_AUDIT_STAND_IN_RECORD,
  JSON.stringify({
    arguments: process.argv.slice(2),
    pid: process.pid,
    environment: Object.fromEntries(Object.entries(process.env).filter(([name]) => name.startsWith('DSR_AUDIT_'))),
  }),
);

for await (const line of createInterface({ input: process.stdin })) {
  const echo = /^\[Console\]::(Out|Error)\.WriteLine\("(\w+)"\)$/.exec(line);
  if (echo !== null) (echo[1] === 'Out' ? process.stdout : process.stderr).write(`${echo[2]}\n`);
  else if (line !== '') await answer(line);
}

async function answer(line) {
  writeFileSync(`${process.env.DSR_AUDIT_STAND_IN_RECORD}.command`, line);
  const capture = () =>
    readFileSync(process.env.DSR_AUDIT_STAND_IN_CAPTURE, 'utf8').replaceAll(
      /^(DSRAUDIT-[A-Z]+ )evidence /gm,
      `$1${process.env.DSR_AUDIT_NONCE} `,
    );
  if (mode === 'answer') process.stdout.write(`\u001b[?1h${capture().replaceAll('\n', '\r\n')}`);
  if (mode === 'noise') {
    process.stderr.write('#< CLIXML\r\nwarning on standard error\r\n');
    process.stdout.write(capture());
  }
  if (mode === 'stall') await new Promise(() => setInterval(() => undefined, 1000));
  if (mode === 'flood') for (;;) await new Promise((resolve) => process.stdout.write('x'.repeat(65_536), resolve));
  if (mode === 'cut') process.stdout.write(capture().slice(0, 40));
  if (mode === 'exit') process.exit(7);
  if (mode.startsWith('error:'))
    process.stderr.write(
      `DSRAUDIT-REMOTING-ERROR ${mode.slice(6)},PSSessionStateBroken [host] L'accès est refusé.\r\n`,
    );
}
