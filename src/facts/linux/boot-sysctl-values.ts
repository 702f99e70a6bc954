const integerText = /^(-?)(0[xX][0-9a-fA-F]+|0[0-7]*|[1-9][0-9]*)(?:[ \t\n\0]|$)/;
const kernelSpace = /^[ \t\n\v\f\r\u00a0]+/;
const longestNumber = 20;
const largest = 2 ** 31 - 1;

/**
 * The integer that the kernel stores when this text is written to a network configuration key; undefined when it
 * refuses the text (EINVAL) and keeps the value it has. Decimal, 0x and octal; whatever follows a blank is ignored; a
 * quote, a comma or a plus sign is refused. Source: kernel/sysctl.c, proc_get_long and do_proc_dointvec_conv.
 */
export function kernelInteger(text: string): number | undefined {
  const match = integerText.exec(text.replace(kernelSpace, ''));
  if (match === null) return undefined;
  const [, sign = '', digits = ''] = match;
  if (sign.length + digits.length > longestNumber) return undefined;
  const octal = /^0[0-7]/.test(digits);
  const magnitude = octal ? Number.parseInt(digits, 8) : Number(digits);
  if (magnitude > largest + (sign === '-' ? 1 : 0)) return undefined;
  return sign === '-' && magnitude !== 0 ? -magnitude : magnitude;
}
