import { homedir } from 'node:os';
import { dirname, isAbsolute, join } from 'node:path';
import { standardInput } from '../contracts/text.ts';

/** The folder where the relative paths of an inventory begin. */
export function folderOf(inventoryFile: string): string {
  return inventoryFile === standardInput ? '.' : dirname(inventoryFile);
}

/** A path of the inventory as the program opens it: ~ expanded, a relative one taken from the inventory's folder. */
export function resolvePath(path: string, folder: string): string {
  if (path === '~' || path.startsWith('~/') || path.startsWith('~\\')) return join(homedir(), path.slice(1));
  return isAbsolute(path) ? path : join(folder, path);
}

/** Whether a path begins with another user's home, which is not looked up. */
export function isOtherHome(path: string): boolean {
  return /^~[^/\\]/.test(path);
}
