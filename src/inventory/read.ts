import process from 'node:process';
import { readBytes, standardInput } from '../contracts/text.ts';
import { loadInventory, mostInventoryBytes } from './load.ts';
import type { LocatedInventory } from './model.ts';

/** Reads and checks an inventory file; `-` means standard input. Throws an InputError with everything that is wrong. */
export async function readInventory(
  path: string,
  stdin: AsyncIterable<Uint8Array | string> = process.stdin,
): Promise<LocatedInventory> {
  const content = await readBytes(path, mostInventoryBytes, stdin);
  return loadInventory(path === '-' ? standardInput : path, content);
}
